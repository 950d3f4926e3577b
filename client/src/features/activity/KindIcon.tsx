import { ArrowUpRight, CirclePlus, Clock, Hourglass, RotateCcw, Undo2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { EntryFieldsFragment } from '../../gql/operations.js';

const shapes: Partial<Record<string, LucideIcon>> = {
  GRANT: CirclePlus,
  RESERVE: Hourglass,
  COMMIT: ArrowUpRight,
  RELEASE: RotateCcw,
  EXPIRE: Clock,
  REFUND: Undo2,
  REVOKE: Undo2,
};

export function KindIcon({ kind }: { kind: EntryFieldsFragment['kind'] }) {
  const Shape = shapes[kind] ?? ArrowUpRight;
  return <Shape size={16} aria-hidden="true" />;
}
