import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Search } from './search.js';

/**
 * What the present address says of some declared parameters, and how to change it. A change replaces the address: a filter is
 * no page that one goes back to, and a copied or reloaded address shows the same.
 *
 * @param declared  made once, outside of the component
 */
export function useSearchOf<V extends object>(declared: Search<V>): [V, (values: Partial<V>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const change = useCallback(
    (values: Partial<V>) => {
      // As it is now: another part of the page may have changed it since this was drawn.
      const next = declared.write(location.search, values);
      navigate(next === '' ? path : `${path}?${next}`, { replace: true });
    },
    [declared, path, navigate],
  );
  return [useMemo(() => declared.read(search), [declared, search]), change];
}
