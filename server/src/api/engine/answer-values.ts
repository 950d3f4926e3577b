import type { GraphQLLeafType, GraphQLResolveInfo } from 'graphql';

/** Where a value stands in an answer: keys and places in lists, innermost first. */
export type Path = GraphQLResolveInfo['path'];
/** An object of an answer, by response key. */
export type Answer = Record<string, unknown>;
export type MaybePromise<T> = T | Promise<T>;

/** An alias may be `__proto__`, which plain objects would treat specially. */
export function put(result: Answer, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  else result[key] = value;
}

/** @throws when the type cannot write the value */
export function serializeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized === null || serialized === undefined) throw new Error(`${type.name} has no way to write this value.`);
  return serialized;
}

/** The `__typename` that a resolved value carries; undefined: it has none. */
export function typenameOf(value: unknown): string | undefined {
  const name = isObject(value) ? (value as Answer)['__typename'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Outermost first, as errors show it. */
export function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step: Path | undefined = path; step !== undefined; step = step.prev) keys.push(step.key);
  return keys.reverse();
}

export function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Promise<unknown>>).then === 'function';
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
