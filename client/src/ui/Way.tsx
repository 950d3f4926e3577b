import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';

type Props = {
  /** A room's address below the base path, with what it keeps there: `/budgets?budget=…`. */
  to: string;
  className?: string | undefined;
  children: ReactNode;
};

/** Leads to a place in a room from within another, with the account that one looks at. */
export function Way({ to, className, children }: Props) {
  const present = new URLSearchParams(useSearch());
  const [path = '/', own = ''] = to.split('?');
  const search = new URLSearchParams(own);
  for (const name of ['as', 'account']) {
    const value = present.get(name);
    if (value !== null) search.set(name, value);
  }
  const query = search.toString();
  return (
    <Link href={query === '' ? path : `${path}?${query}`} className={className}>
      {children}
    </Link>
  );
}
