import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';

/** Leads to where usage is told in detail, with the demo account that one looks through. */
export function UsageLink({ children }: { children: ReactNode }) {
  const as = new URLSearchParams(useSearch()).get('as');
  return <Link href={as === null ? '/usage' : `/usage?as=${encodeURIComponent(as)}`}>{children}</Link>;
}
