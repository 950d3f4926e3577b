import { isMade } from '../../domain/work.js';
import type { OperationFieldsFragment, OperationType, Size } from '../../gql/operations.js';

const typeOrder: OperationType[] = ['IMAGE', 'AUDIO', 'VIDEO'];
const sizeOrder: Size[] = ['SHORT', 'MID', 'LONG'];

/** The kinds of work the room offers, each with its sizes, cheapest first; all from the price list. */
export type Offer = { type: OperationType; name: string; sizes: OperationFieldsFragment[] };

const place = <T>(order: readonly T[], value: T): number => {
  const index = order.indexOf(value);
  return index === -1 ? order.length : index;
};

/** "Image" of IMAGE; a type this page does not know yet keeps its own name. */
export function typeName(type: OperationType): string {
  const lower = type.toLowerCase().replaceAll('_', ' ');
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** "Short" of SHORT. */
export function sizeName(size: Size | null): string {
  return size === null ? '' : size.charAt(0) + size.slice(1).toLowerCase();
}

export function offersOf(operations: readonly OperationFieldsFragment[]): Offer[] {
  const byType = new Map<OperationType, OperationFieldsFragment[]>();
  for (const operation of operations) {
    if (!isMade(operation)) continue;
    byType.set(operation.type, [...(byType.get(operation.type) ?? []), operation]);
  }
  return [...byType]
    .map(([type, sizes]) => ({
      type,
      name: typeName(type),
      sizes: sizes.sort((a, b) => place(sizeOrder, a.size) - place(sizeOrder, b.size) || a.credits - b.credits),
    }))
    .sort((a, b) => place(typeOrder, a.type) - place(typeOrder, b.type));
}
