/** What a frozen database is made with and read with: documents that every later version of the server has to answer. */

const BALANCE = `balance { accountId creditType available held used allowance allowanceLeft purchased promotional waiting level nextResetAt version asOf }`;
const RESERVATION = `id creditType status reserved held committed released uncollected
  lines { operation { code name type } quantity unitCredits credits committed }
  priceListVersion draws { grantId source credits } project member reference outcome version createdAt expiresAt closedAt`;
const GRANT =
  'id creditType source priority granted available held spent expired refunded revoked effectiveAt expiresAt';
/** Receipts show the present; lists say the rest of it. */
const SHORT = 'balance { creditType available held version }';
const RECEIPT = `... on ReservationReceipt { replayed reservation { id status reserved held committed released uncollected version } ${SHORT} }`;
const REFUSED = `__typename ... on Problem { message }
  ... on InsufficientCredits { replayed creditType needed available held shortfall nextResetAt enoughAfterHoldsAt version
    smallestPack { id credits bonusCredits price { amountMinor currency } } upgrade { code } alternatives { code credits } holds { id held } }
  ... on OperationNotInPlan { replayed operation plan }
  ... on OperationUnknown { operation } ... on QuoteNotValid { reason } ... on InvalidAmount { field min max }
  ... on ReservationClosed { reservation { id status } } ... on CommitExceedsReservation { held requested }`;

/** Only the parts of `REFUSED` that a result may be. */
function refusals(...kinds) {
  const parts = REFUSED.split('\n')
    .join(' ')
    .split(/(?=\.\.\. on )/);
  const [always, problem] = parts;
  return [always, problem, ...parts.filter((part) => kinds.some((kind) => part.startsWith(`... on ${kind} `)))].join(
    ' ',
  );
}

const OF_WORK = ['InsufficientCredits', 'OperationNotInPlan', 'OperationUnknown', 'QuoteNotValid', 'InvalidAmount'];
const OF_HOLDS = ['ReservationClosed', 'InvalidAmount'];

function keyed(name, type, answer) {
  return `mutation Frozen($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;
}

export const documents = {
  open: keyed('createAccount', 'CreateAccountInput', 'id externalId name timeZone sandbox plan { code }'),
  key: keyed('createApiKey', 'CreateApiKeyInput', 'secret apiKey { id }'),
  clock: keyed('advanceTestClock', 'AdvanceTestClockInput', 'id now period { number start end }'),
  grant: keyed(
    'grantCredits',
    'GrantCreditsInput',
    `... on GrantReceipt { replayed grant { id available expiresAt } ${SHORT} } ${refusals('InvalidAmount')}`,
  ),
  reserve: keyed('reserveCredits', 'ReserveCreditsInput', `${RECEIPT} ${refusals(...OF_WORK)}`),
  spend: keyed('spendCredits', 'SpendCreditsInput', `${RECEIPT} ${refusals(...OF_WORK)}`),
  commit: keyed(
    'commitReservation',
    'CommitReservationInput',
    `${RECEIPT} ${refusals(...OF_HOLDS, 'CommitExceedsReservation')}`,
  ),
  release: keyed('releaseReservation', 'ReleaseReservationInput', `${RECEIPT} ${refusals('ReservationClosed')}`),
  add: keyed('addToReservation', 'AddToReservationInput', `${RECEIPT} ${refusals(...OF_WORK, 'ReservationClosed')}`),
  extend: keyed('extendReservation', 'ExtendReservationInput', `${RECEIPT} ${refusals(...OF_HOLDS)}`),
  quote: `query Frozen($input: QuoteInput!) { quote(input: $input) { ... on Quote { token total lines { unitCredits credits } } ... on Problem { message } } }`,
  account: `query Frozen($id: ID!) { account(id: $id) { id externalId name timeZone sandbox now plan { code } period { number start end }
    standard: ${BALANCE} scan: ${BALANCE.replace('balance', 'balance(creditType: SCAN)')} } }`,
  entries: `query Frozen($id: ID!, $after: ID) { account(id: $id) { entries(first: 40, after: $after) { edges { node {
    id kind creditType amount grantId availableAfter heldAfter version at actor explanation reservation { id } } } pageInfo { endCursor hasNextPage } } } }`,
  events: `query Frozen($id: ID!, $after: ID) { account(id: $id) { events(first: 40, after: $after) { edges { node {
    id type creditType at level threshold credits message reservationId grantId plan reset { forfeited rolledOver granted nextResetAt period { number start end } }
    balance { available held used waiting purchased promotional level version } } } pageInfo { endCursor hasNextPage } } } }`,
  reservations: `query Frozen($id: ID!, $after: ID) { account(id: $id) { reservations(first: 20, after: $after) { edges { node { ${RESERVATION} } } pageInfo { endCursor hasNextPage } } } }`,
  grants: `query Frozen($id: ID!, $creditType: CreditType!) { account(id: $id) { grants(creditType: $creditType) { edges { node { ${GRANT} } } } } }`,
  usage: `query Frozen($input: UsageInput!) { usage(input: $input) { total previousTotal operations rows { day feature type operation project member credits operations } } }`,
};
