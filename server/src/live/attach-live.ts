import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../auth/request-context.js';
import type { CreditType } from '../catalog/catalog.js';
import type { QuoteInput } from '../ledger/graph/quote.types.js';
import type { Live } from './live.js';
import type { LiveHolds } from './live-holds.js';
import type { LiveQuotes } from './live-quotes.js';

const LOW_BALANCE_TYPES: readonly string[] = ['BALANCE_LOW', 'BALANCE_RECOVERED'];

type Opener = (args: Readonly<Record<string, unknown>>, context: RequestContext) => Promise<AsyncIterable<unknown>>;

/**
 * Gives the schema's subscription fields their feeds.
 *
 * A payload is answered as it is: what a feed pushes is already in the shape of its field. What of it depends on the caller, who was let through
 * when the feed was opened, its audience says. Call it once, before anything is executed.
 */
export function attachLive(
  schema: GraphQLSchema,
  live: Pick<Live, 'balanceChanged' | 'clockMoved' | 'creditEvents'>,
  holds: Pick<LiveHolds, 'reservationChanged'>,
  quotes: Pick<LiveQuotes, 'quoteChanged'>,
): void {
  const openers: Readonly<Record<string, Opener>> = {
    balanceChanged: ({ accountId, creditType }, { caller }) =>
      live.balanceChanged(caller, accountId as string, creditType as CreditType),
    reservationChanged: ({ accountId }, { caller }) => holds.reservationChanged(caller, accountId as string),
    quoteChanged: ({ input }, { caller }) => quotes.quoteChanged(caller, input as QuoteInput),
    clockMoved: ({ accountId }, { caller }) => live.clockMoved(caller, accountId as string),
    lowBalance: ({ accountId, after }, { caller }) =>
      live.creditEvents(caller, {
        accountId: textOrNull(accountId),
        after: textOrNull(after),
        types: LOW_BALANCE_TYPES,
      }),
    creditEvents: ({ accountId, types, after }, { caller }) =>
      live.creditEvents(caller, {
        accountId: textOrNull(accountId),
        after: textOrNull(after),
        types: (types as readonly string[] | null | undefined) ?? null,
      }),
  };
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  for (const [name, open] of Object.entries(openers)) {
    const field = fields[name];
    if (field === undefined) throw new Error(`the schema has no subscription ${name}`);
    field.subscribe = (_source, args: Record<string, unknown>, context: RequestContext) => open(args, context);
    field.resolve = passOn;
  }
}

const passOn: GraphQLFieldResolver<unknown, unknown> = (payload) => payload;

function textOrNull(value: unknown): string | null {
  return (value as string | null | undefined) ?? null;
}
