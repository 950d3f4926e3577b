import { Failed, Skeleton } from '../../ui/Section.js';
import type { Home } from './useHome.js';

/**
 * Stands for a balance that is not here yet: on its way, or not to be had, with another try.
 *
 * @param saysWhy  not where the same reason is read right beside it
 */
export function Unread({
  home,
  what,
  height,
  saysWhy,
}: {
  home: Home;
  what: string;
  height: number;
  saysWhy: boolean;
}) {
  if (home.problem === null) return <Skeleton height={height} label={`Reading ${what}`} />;
  const name = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  return <Failed what={name} reason={saysWhy ? home.problem : undefined} onRetry={home.retry} height={height} />;
}
