import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { addressOf } from './role.js';

/** A link to the Production Room with something picked; it keeps the demo account of the address. */
export function DraftLink({ code, children }: { code: string; children: ReactNode }) {
  const room = addressOf('/production', useSearch());
  return <Link href={`${room}${room.includes('?') ? '&' : '?'}make=${encodeURIComponent(code)}`}>{children}</Link>;
}
