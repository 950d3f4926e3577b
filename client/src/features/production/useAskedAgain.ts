import { useEffect, useEffectEvent, useRef } from 'react';
import type { Generation } from './generation.js';

/** By then what the refusal was decided on has arrived over the live link too. */
const arrivesMs = 2_000;

/**
 * A refusal for too few credits holds for the balance it was decided on: after a grant, or any other change, the server is
 * asked again, by going back to the quote.
 *
 * The page may learn of the balance behind the refusal a moment after the refusal: that is no change.
 *
 * @param available  as the live link has it; null while unknown
 */
export function useAskedAgain(generation: Generation, available: number | null, onAskAgain: () => void): void {
  const refusal =
    generation.step === 'refused' && generation.refusal.__typename === 'InsufficientCredits'
      ? generation.refusal
      : null;
  const has = useRef<number | null>(null);
  const ask = useEffectEvent(onAskAgain);
  const present = useEffectEvent(() => available);
  useEffect(() => {
    has.current = null;
    if (refusal === null) return;
    const timer = setTimeout(() => (has.current ??= present()), arrivesMs);
    return () => clearTimeout(timer);
  }, [refusal]);
  useEffect(() => {
    if (refusal === null || available === null) return;
    if (has.current === null) {
      if (available === refusal.available) has.current = available;
    } else if (available !== has.current) ask();
  }, [refusal, available]);
}
