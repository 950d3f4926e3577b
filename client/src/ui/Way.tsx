import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';

type Props = {
  /** A room's address below the base path, with what it keeps there: `/budgets?budget=…`. */
  to: string;
  className?: string | undefined;
  children: ReactNode;
};

/** Leads to a place in a room from within another, with the demo account that one looks through. */
export function Way({ to, className, children }: Props) {
  const as = new URLSearchParams(useSearch()).get('as');
  const [path = '/', own = ''] = to.split('?');
  const search = new URLSearchParams(own);
  if (as !== null) search.set('as', as);
  const query = search.toString();
  return (
    <Link href={query === '' ? path : `${path}?${query}`} className={className}>
      {children}
    </Link>
  );
}
