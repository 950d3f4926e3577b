/** Peer (a)'s API: Apollo Server's own standalone server, schema first, a bearer verified on each request. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLError } from 'graphql';
import { jwtVerify } from 'jose';

const typeDefs = `#graphql
  scalar DateTime
  scalar Credits
  scalar SafeInt
  enum CreditType { STANDARD SCAN }
  enum ReservationStatus { HELD COMMITTED RELEASED EXPIRED }
  enum WorkOutcome { SUCCEEDED FAILED BLOCKED CANCELED }
  enum CommitPolicy { REJECT IF_AVAILABLE }
  input OperationInput { operation: ID!, quantity: Int! = 1 }
  input ReserveCreditsInput { accountId: ID!, idempotencyKey: String!, operations: [OperationInput!], ttlSeconds: Int! = 900, project: String, member: ID, reference: String }
  input CommitReservationInput { reservationId: ID!, idempotencyKey: String!, amount: Credits, final: Boolean! = true, outcome: WorkOutcome! = SUCCEEDED, policy: CommitPolicy! = REJECT }
  type Reservation { id: ID!, accountId: ID!, status: ReservationStatus!, reserved: Credits!, held: Credits!, committed: Credits!, released: Credits!, version: SafeInt!, expiresAt: DateTime! }
  type Balance { accountId: ID!, creditType: CreditType!, available: Credits!, held: Credits!, version: SafeInt! }
  interface Problem { message: String! }
  type ReservationReceipt { reservation: Reservation!, balance: Balance!, replayed: Boolean! }
  type InsufficientCredits implements Problem { message: String!, creditType: CreditType!, needed: Credits!, available: Credits!, held: Credits!, shortfall: Credits!, nextResetAt: DateTime!, version: SafeInt!, replayed: Boolean! }
  type OperationNotInPlan implements Problem { message: String!, operation: ID!, plan: String!, replayed: Boolean! }
  type OperationUnknown implements Problem { message: String!, operation: ID! }
  type InvalidAmount implements Problem { message: String!, field: String! }
  type MixedCreditTypes implements Problem { message: String! }
  type IdempotencyConflict implements Problem { message: String!, fields: [String!]! }
  type ReservationClosed implements Problem { message: String!, reservation: Reservation! }
  type CommitExceedsReservation implements Problem { message: String!, held: Credits!, requested: Credits! }
  union ReserveCreditsResult = ReservationReceipt | InsufficientCredits | OperationNotInPlan | OperationUnknown | InvalidAmount | MixedCreditTypes | IdempotencyConflict
  union CommitReservationResult = ReservationReceipt | ReservationClosed | CommitExceedsReservation | InvalidAmount | IdempotencyConflict
  type Query { ping: Boolean! }
  type Mutation { reserveCredits(input: ReserveCreditsInput!): ReserveCreditsResult!, commitReservation(input: CommitReservationInput!): CommitReservationResult! }
`;

export async function serveApollo(peer, { port, secret }) {
  const key = new TextEncoder().encode(secret);
  const typed = { __resolveType: (answer) => answer.type };
  const server = new ApolloServer({
    typeDefs,
    resolvers: {
      ReserveCreditsResult: typed,
      CommitReservationResult: typed,
      Problem: typed,
      Query: { ping: () => true },
      Mutation: {
        reserveCredits: (_root, { input }, { caller }) => {
          allow(caller, input.accountId);
          return peer.reserveCredits(input);
        },
        commitReservation: (_root, { input }, { caller }) => {
          allow(caller, input.reservationId.split('.')[0]);
          return peer.commitReservation(input);
        },
      },
    },
  });
  await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async ({ req }) => {
      const token = req.headers.authorization?.replace(/^Bearer /, '');
      if (!token) throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] });
      return { caller: payload };
    },
  });
  return server;
}
function allow(caller, accountId) {
  if (caller.kind !== 'service' && !caller.accounts?.[accountId])
    throw new GraphQLError('There is no such account.', { extensions: { code: 'NOT_FOUND' } });
}
