import { PAGE_FIRST_MAX } from '@aibc/shared/amounts';
import { Field, ID, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { badUserInput, cursorTooOld, notFound } from './errors.js';
import { grouped } from './grouped.js';

@ObjectType({ description: 'Where a page stands in its list (Relay).', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows: ask again with `after: endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether this page began after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => ID, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Cursor of the last edge; null on an empty page. Where a filter let so little through that a page was not filled, where the search stopped: go on from there while `hasNextPage`.',
  })
  endCursor!: string | null;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: PageInfo;
}

/** Where a list is to be read from: at most `first` items, from just after `after` on. */
export interface PageRequest {
  readonly first: number;
  readonly after: string | null;
  /** Public id of the history that its cursors belong to. */
  readonly history: string;
}

/** The GraphQL type `<name>Connection` over a node type, with its edge type. */
export function connectionOf<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { description: 'One item of a page and where it stands.', simpleResolvers: true })
  class NodeEdge implements Edge<Node> {
    @Field(() => ID, { description: 'Opaque; pass it as `after` to go on from here.' })
    cursor!: string;

    @Field(node, { description: 'The item.' })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: 'A page of a list (Relay).', simpleResolvers: true })
  class NodeConnection implements Connection<Node> {
    @Field(() => [NodeEdge], { description: 'The items, in the order of the list.' })
    edges!: Edge<Node>[];

    @Field(() => PageInfo, { description: 'Whether there is more.' })
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Between what a cursor names and the history that it belongs to. */
const OF_HISTORY = '~';

/**
 * Reads a page's arguments. A cursor without a history is taken for one of the present history.
 *
 * @param history  public id of the present history
 * @throws BAD_USER_INPUT `first` outside 1 to 100; CURSOR_TOO_OLD for a cursor of another history
 */
export function readPageRequest(first: number, after: string | null | undefined, history: string): PageRequest {
  if (first < 1 || first > PAGE_FIRST_MAX)
    throw badUserInput('first', `first must be 1 to ${PAGE_FIRST_MAX}, not ${grouped(first)}.`);
  const [name = null, of = history] = after?.split(OF_HISTORY) ?? [];
  if (of !== history) throw cursorTooOld(null);
  return { first, after: name, history };
}

/** For a cursor that is not one of this list's. */
export function malformedCursor(): Error {
  return badUserInput('after', 'after is not a cursor of this list.');
}

/** For a cursor of this kind of list that names nothing in it: unknown, or somebody else's. */
export function foreignCursor(): Error {
  return notFound('What after names');
}

/**
 * Cuts a page out of what was read.
 *
 * @param items  in the list's order, from just after the cursor; one more than `first` when there is more
 * @param stoppedAt  cursor of the place where a search ended before it had filled the page; null: it looked at all there is
 */
export function pageOf<Item, Node>(
  { first, after, history }: PageRequest,
  items: readonly Item[],
  show: (item: Item) => Node,
  cursorOf: (item: Item) => string,
  stoppedAt: string | null = null,
): Connection<Node> {
  const inHistory = (cursor: string): string => `${cursor}${OF_HISTORY}${history}`;
  const edges = items.slice(0, first).map((item) => ({ cursor: inHistory(cursorOf(item)), node: show(item) }));
  const isStopped = stoppedAt !== null && items.length <= first;
  return {
    edges,
    pageInfo: {
      hasNextPage: items.length > first || isStopped,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: isStopped ? inHistory(stoppedAt) : (edges.at(-1)?.cursor ?? null),
    },
  };
}
