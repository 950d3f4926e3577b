import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link to another room that keeps the demo account of the address. */
export function RoomLink(props: {
  to: string;
  children: ReactNode;
  className?: string | undefined;
  isCurrent?: boolean;
}) {
  return (
    <Link
      href={`${props.to}${location.search}`}
      className={props.className}
      aria-current={props.isCurrent === true ? 'page' : undefined}
    >
      {props.children}
    </Link>
  );
}
