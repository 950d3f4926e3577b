import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

/** What a chart does with keys and pointers, to be spread over its drawing. */
type Handlers = {
  onKeyDown: (event: KeyboardEvent) => void;
  onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
  onPointerLeave: () => void;
  onBlur: () => void;
};

/**
 * The place of a chart that is read: arrow keys, Home and End move it, so does a pointer; Escape and leaving take it away.
 *
 * Time runs from left to right in every language, so the right arrow always leads to what is later.
 *
 * @param count  places of the chart
 * @param first  where the first press of an arrow stands
 * @param placeAt  the place below a point of the drawing; null beside all
 * @param rows  how many places lie one below another, as in a calendar: the arrows up and down then move by one, those to the
 *   sides by so many
 */
export function useCursor(
  count: number,
  first: number,
  placeAt: (x: number, y: number) => number | null,
  rows = 1,
): [number | null, Handlers] {
  const [cursor, setCursor] = useState<number | null>(null);
  const at = cursor === null || cursor >= count ? null : cursor;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setCursor(null);
    const from = at ?? first;
    const moves: Record<string, number | undefined> = {
      ArrowLeft: at === null ? from : from - rows,
      ArrowRight: at === null ? from : from + rows,
      ...(rows > 1 && { ArrowUp: from - 1, ArrowDown: from + 1 }),
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(count - 1, to)));
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setCursor(placeAt(event.clientX - left, event.clientY - top));
  };
  return [at, { onKeyDown, onPointerMove, onPointerLeave: () => setCursor(null), onBlur: () => setCursor(null) }];
}
