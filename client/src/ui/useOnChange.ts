import { useEffect, useEffectEvent, useRef } from 'react';

/**
 * Runs `action` when `trigger` changes from one value to another, at most once in `everyMs`, the last change never lost.
 * From null (not known yet) to the first value is not a change. While nobody looks at the page nothing is run: the last
 * change is, as soon as somebody does.
 */
export function useOnChange(trigger: string | number | null, everyMs: number, action: () => void): void {
  const run = useEffectEvent(action);
  const before = useRef(trigger);
  const ranAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (before.current === null) before.current = trigger;
    if (before.current === trigger) return;
    const wait = Math.max(0, ranAt.current + everyMs - performance.now());
    const look = (): void => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      before.current = trigger;
      ranAt.current = performance.now();
      run();
    };
    const timer = setTimeout(() => {
      document.addEventListener('visibilitychange', look);
      look();
    }, wait);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [trigger, everyMs]);
}
