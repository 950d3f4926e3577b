/**
 * Gathers versioned items and hands on, once a turn, only the newest of each id.
 *
 * A burst of five hundred pushes a second becomes one write a frame, and the last one is never lost.
 *
 * @param apply  receives the newest items of this turn, at least one
 * @param schedule  runs its argument at the next turn; `nextTurn` in a browser
 */
export function createCoalescer<T extends { id: string; version: number; history: string }>(
  apply: (items: T[]) => void,
  schedule: (run: () => void) => void,
): (item: T) => void {
  let waiting = new Map<string, T>();
  const flush = (): void => {
    const items = [...waiting.values()];
    waiting = new Map();
    apply(items);
  };
  return (item) => {
    const present = waiting.get(item.id);
    // Of another history the last to come counts, whatever its version: the server goes over to it once.
    if (present?.history === item.history && present.version >= item.version) return;
    if (waiting.size === 0) schedule(flush);
    waiting.set(item.id, item);
  };
}

/** The next frame; a hidden page has none, so it gets a quarter of a second. */
export function nextTurn(run: () => void): void {
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
}
