/**
 * An instance of a class with these fields. Members of a GraphQL union are told apart by their class, so that a plain object
 * would not do there.
 */
export function instance<T extends object>(type: new () => T, fields: T): T {
  return Object.assign(new type(), fields);
}
