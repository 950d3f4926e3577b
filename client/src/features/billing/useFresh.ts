import { useAccount } from '../../domain/account.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';

/** Asks anew whenever credits of either kind have moved: what is shown beside a live balance then goes with it. */
export function useFresh<T>(reading: Reading<T>): Reading<T> {
  const { standard, scan } = useAccount();
  const version = standard === null ? null : `${standard.version} ${scan?.version ?? 0}`;
  useOnChange(version, 1_000, () => void reading.again());
  return reading;
}
