import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { addressOf } from './role.js';

/** A link to a room. It keeps the demo account of the address, and no other room's filters. */
export function RoomLink(props: {
  to: string;
  children: ReactNode;
  className?: string | undefined;
  /** Whether it leads to where one is; `within`: to the first of several rooms, in one of which one is. */
  isCurrent?: boolean | 'within';
}) {
  return (
    <Link
      href={addressOf(props.to, useSearch())}
      className={props.className}
      aria-current={props.isCurrent === 'within' ? 'true' : props.isCurrent === true ? 'page' : undefined}
    >
      {props.children}
    </Link>
  );
}
