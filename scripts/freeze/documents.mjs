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
  ... on BudgetExceeded { replayed budgetId limit consumed held needed resetsAt version }
  ... on RefundNotAllowed { reason } ... on PurchaseNotAllowed { plan upgrade { code } }
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

const OF_WORK = [
  'InsufficientCredits',
  'OperationNotInPlan',
  'OperationUnknown',
  'QuoteNotValid',
  'InvalidAmount',
  'BudgetExceeded',
];
const OF_HOLDS = ['ReservationClosed', 'InvalidAmount'];

function keyed(name, type, answer) {
  return `mutation Frozen($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;
}

/** As `keyed`, for those that take the key beside the input. */
function keyedBeside(name, type, answer) {
  return `mutation Frozen($input: ${type}!, $idempotencyKey: String!) { ${name}(input: $input, idempotencyKey: $idempotencyKey) { ${answer} } }`;
}

const PURCHASE = `id origin status pack { id } price { amountMinor currency } credits bonusCredits refundable { amountMinor } refundableCredits
  refundableUntil refunded { amountMinor } unrecovered unrecoveredMoney { amountMinor } declineCode grant { id } bonusGrant { id } createdAt paidAt`;
const BUDGET = `id name creditType project member eachMember feature type window limit hard setAside consumed held remaining resetsAt
  uses { edges { node { member consumed held } } }`;

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
  buy: keyed(
    'purchaseCredits',
    'PurchaseCreditsInput',
    `... on PurchaseReceipt { replayed purchase { id status } } ${refusals('PurchaseNotAllowed')}`,
  ),
  refund: keyed(
    'refundPurchase',
    'RefundPurchaseInput',
    `... on PurchaseReceipt { replayed purchase { id status } } ${refusals('RefundNotAllowed')}`,
  ),
  revoke: keyed(
    'revokeGrant',
    'RevokeGrantInput',
    `... on GrantReceipt { replayed grant { id } } ${refusals('InvalidAmount')}`,
  ),
  plan: keyed('changePlan', 'ChangePlanInput', `... on PlanReceipt { replayed effectiveAt } ${refusals()}`),
  topUp: keyedBeside(
    'setAutoTopUp',
    'SetAutoTopUpInput',
    `... on AutoTopUpReceipt { replayed purchase { id } } ${refusals('InvalidAmount')}`,
  ),
  budget: keyedBeside(
    'setBudget',
    'SetBudgetInput',
    `... on BudgetReceipt { replayed budget { id } } ${refusals('InvalidAmount')}`,
  ),
  removeBudget: 'mutation Frozen($budgetId: ID!) { removeBudget(id: $budgetId) }',
  levels: 'mutation Frozen($input: SetLowBalanceLevelsInput!) { setLowBalanceLevels(input: $input) { __typename } }',
  checkout: 'query Frozen($purchaseId: ID!) { purchase(id: $purchaseId) { checkoutUrl } }',
  purchases: `query Frozen($id: ID!, $after: ID) { account(id: $id) { purchases(first: 40, after: $after) { edges { node { ${PURCHASE} } } pageInfo { endCursor hasNextPage } } } }`,
  figures: `query Frozen($id: ID!, $creditType: CreditType!) { account(id: $id) {
    periods(creditType: $creditType) { edges { node { period { number start end } plan allowance rolledOver granted { source credits } spent expired forfeited refunded revoked operations open } } }
    statement(creditType: $creditType, from: "2026-01-01", to: "2026-04-30") { opening granted { source credits } spent expired refunded revoked closing }
    lowBalanceLevels { creditType level percent threshold rearmsAt fired }
    autoTopUp(creditType: $creditType) { enabled threshold pack { id } purchasesPerPeriodMax purchasesThisPeriod offBecause pending { id } } } }`,
  settings: `query Frozen($id: ID!) { account(id: $id) { nextPlan { code } paymentMethod { brand last4 expiresMonth expiresYear } budgets { ${BUDGET} } } }`,
  audit: `query Frozen($id: ID!) { auditLog(accountId: $id, first: 100) { edges { node { id at actor action summary } } } }`,
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
