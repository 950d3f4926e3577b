import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { addressOf } from './role.js';

/** A link to a room. It keeps the demo account of the address, and no other room's filters. */
export function RoomLink(props: {
  to: string;
  children: ReactNode;
  className?: string | undefined;
  isCurrent?: boolean;
}) {
  return (
    <Link
      href={addressOf(props.to, useSearch())}
      className={props.className}
      aria-current={props.isCurrent === true ? 'page' : undefined}
    >
      {props.children}
    </Link>
  );
}
