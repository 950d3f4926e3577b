import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';
import { Scenario } from '../testing/test-scenario.js';

/** How to read these tables: see `Scenario`. A bare number of operations is so many one-credit regenerations. */
let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

function scenario(name: string, table: string): void {
  test(name, async () => {
    const { expected, actual } = await new Scenario(books).play(table);
    expect(actual).toEqual(expected);
  });
}

describe('a hold from its opening to its end', () => {
  scenario(
    'reserve, repeat, commit a part, release the rest',
    `
    open PRO                                  -> available 100 held 0 version 1
    reserve  R1  40 ttl 60s                   -> available  60 held 40 ; fresh
    reserve  R1  40 ttl 60s                   -> replayed ; available 60 held 40
    reserve  R1  41 ttl 60s                   -> IdempotencyConflict operations
    reserve  R1  40 ttl 61s                   -> IdempotencyConflict ttlSeconds
    commit   R1  25                           -> available  75 held  0 used 25 ; R1 COMMITTED reserved 40 committed 25 released 15 outcome SUCCEEDED
    release  R1                               -> ReservationClosed COMMITTED
    commit   R1                               -> ReservationClosed COMMITTED
    extend   R1  ttl 60s                      -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'a commit without an amount takes all that is held',
    `
    open PRO
    reserve R1 40   -> held 40
    commit  R1      -> available 60 held 0 used 40 ; R1 COMMITTED committed 40 released 0
    `,
  );
  scenario(
    'a commit of 0 closes a hold as COMMITTED',
    `
    open PRO
    reserve R1 40   -> held 40
    commit  R1 0    -> available 100 held 0 used 0 ; R1 COMMITTED committed 0 released 40 outcome SUCCEEDED
    release R1      -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'release gives everything back, once',
    `
    open PRO
    reserve R1 40         -> available 60
    release R1 key again  -> available 100 held 0 ; R1 RELEASED released 40
    release R1 key again  -> replayed
    release R1            -> ReservationClosed RELEASED
    commit  R1            -> ReservationClosed RELEASED
    `,
  );
  scenario(
    'spending is reserve and commit in one step and one version',
    `
    open PRO                    -> version 1
    spend S1 image.short*3      -> available 85 held 0 used 15 version 2 ; S1 COMMITTED committed 15 lines image.short:15:3
    spend S1 image.short*3      -> replayed ; available 85 version 2
    spend S2 video.long         -> InsufficientCredits needed 100 available 85 shortfall 15
    commit S1                   -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'parts of a batch: what empties the hold closes it',
    `
    open PRO
    reserve R1 image.short*4                       -> held 20
    commit  R1 done image.short part               -> held 15 used  5 ; R1 HELD committed 5 lines image.short:5:1
    commit  R1 5 part                              -> held 10 used 10 ; R1 HELD committed 10 lines image.short:10:2
    commit  R1 0 part                              -> held 10 used 10 ; R1 HELD
    commit  R1 11 part                             -> CommitExceedsReservation held 10 requested 11
    commit  R1 10 part                             -> held  0 used 20 ; R1 COMMITTED committed 20 released 0 outcome SUCCEEDED lines image.short:20:4
    commit  R1 1                                   -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'an amount fills the lines in their order, an excess belongs to the last',
    `
    open PRO
    reserve R1 image.short,image.mid,image.long             -> held 35
    commit  R1 12 part                                      -> R1 HELD lines image.short:5:1,image.mid:7:1,image.long:0:0
    commit  R1 25 IF_AVAILABLE                              -> R1 COMMITTED committed 37 lines image.short:5:1,image.mid:10:1,image.long:22:1
    `,
  );
  scenario(
    'the operations that were done are charged at their reserved prices',
    `
    open PRO
    reserve R1 image.short*3,audio.short*2                  -> held 45
    commit  R1 done image.short*2,audio.short               -> used 25 available 75 ; R1 COMMITTED released 20 lines image.short:10:2,audio.short:15:1
    reserve R2 image.short                                  -> held 5
    commit  R2 done video.long                              -> InvalidAmount operations[0].operation
    commit  R2 done image.short*2                           -> CommitExceedsReservation held 5 requested 10
    `,
  );
  scenario(
    'more than held: refused, or as much as there is and the rest uncollected',
    `
    open PRO
    reserve R1 90                      -> available 10
    commit  R1 95                      -> CommitExceedsReservation held 90 requested 95 ; available 10 held 90
    commit  R1 95 IF_AVAILABLE         -> available 5 used 95 ; R1 COMMITTED reserved 95 committed 95 uncollected 0
    reserve R2 5                       -> available 0
    commit  R2 50 IF_AVAILABLE         -> available 0 used 100 ; R2 COMMITTED committed 5 uncollected 45
    commit  R2 50 IF_AVAILABLE         -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'work that did not succeed commits nothing and returns what is held',
    `
    open PRO
    reserve R1 40                -> held 40
    commit  R1 10 part           -> held 30
    commit  R1 FAILED            -> available 90 held 0 used 10 ; R1 COMMITTED committed 10 released 30 outcome FAILED
    reserve R2 20                -> held 20
    commit  R2 BLOCKED           -> available 90 ; R2 COMMITTED committed 0 released 20 outcome BLOCKED
    reserve R3 20                -> held 20
    commit  R3 CANCELED          -> available 90 ; R3 COMMITTED committed 0 outcome CANCELED
    release R3                   -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'only who opened a hold, a service or an operator closes it; a refusal of that kind keeps no key',
    `
    open PRO
    reserve R1 10 by alice             -> held 10
    commit  R1 by bob                  -> forbidden ; held 10
    release R1 by bob key k            -> forbidden
    extend  R1 ttl 1h by bob           -> forbidden
    extend  R1 ttl 1h by alice         -> ok
    commit  R1 4 part                  -> held 6
    release R1 by alice key k          -> held 0
    commit  R9                         -> notFound
    `,
  );
});

describe('when a hold ends', () => {
  scenario(
    'it is half-open: a millisecond before it can be committed, at its end it is expired',
    `
    open PRO
    reserve R1 40 ttl 60s               -> held 40
    reserve R2 10 ttl 60s               -> held 50 ; events
    clock  +59999ms                     -> held 50
    commit  R2                          -> used 10 held 40
    clock  +1ms                         -> held 0 available 90 ; R1 EXPIRED released 40 heldAtExpiry 40 ; events RESERVATION_EXPIRED
    release R1                          -> ReservationClosed EXPIRED
    extend  R1                          -> ReservationClosed EXPIRED
    `,
  );
  scenario(
    'extending never shortens, starts from now, and ends 7 days after the opening',
    `
    open PRO
    reserve R1 10 ttl 1h          -> R1 HELD expires 2026-01-01T01:00:00.000Z
    extend  R1 ttl 59m            -> InvalidAmount ttlSeconds
    extend  R1 ttl 1h             -> ok ; R1 HELD expires 2026-01-01T01:00:00.000Z
    extend  R1 ttl 24h            -> R1 HELD expires 2026-01-02T00:00:00.000Z
    clock 2026-01-01T23:59:59Z
    extend  R1 ttl 24h            -> R1 HELD expires 2026-01-02T23:59:59.000Z
    clock 2026-01-02T23:00:00Z
    extend  R1 ttl 24h
    clock 2026-01-03T22:00:00Z
    extend  R1 ttl 24h
    clock 2026-01-04T21:00:00Z
    extend  R1 ttl 24h
    clock 2026-01-05T20:00:00Z
    extend  R1 ttl 24h
    clock 2026-01-06T19:00:00Z
    extend  R1 ttl 24h            -> R1 HELD expires 2026-01-07T19:00:00.000Z
    clock 2026-01-07T18:00:00Z
    extend  R1 ttl 6h             -> R1 HELD expires 2026-01-08T00:00:00.000Z
    extend  R1 ttl 21601s         -> InvalidAmount ttlSeconds
    clock 2026-01-08T00:00:00Z    -> R1 EXPIRED
    `,
  );
  scenario(
    'a commit that comes late still lands, once, up to what was held and what there is',
    `
    open PRO
    reserve R1 40 ttl 60s             -> held 40
    commit  R1 10 part                -> held 30
    clock  +60s                       -> R1 EXPIRED released 30 ; available 90
    commit  R1                        -> used 40 available 60 ; R1 COMMITTED committed 40 uncollected 0 outcome SUCCEEDED
    commit  R1                        -> ReservationClosed COMMITTED
    reserve R2 60 ttl 60s             -> available 0
    clock  +60s                       -> available 60
    reserve R3 50                     -> available 10
    commit  R2                        -> available 0 used 50 ; R2 COMMITTED committed 10 uncollected 50
    `,
  );
  scenario(
    'a late commit asks for at most what was held when the hold expired, and is always final',
    `
    open PRO
    reserve R1 30 ttl 60s
    reserve R2 30 ttl 60s
    reserve R3 30 ttl 60s
    clock  +60s                       -> available 100 held 0
    commit  R1 31                     -> CommitExceedsReservation held 30 requested 31
    commit  R1 35 IF_AVAILABLE        -> used 30 ; R1 COMMITTED committed 30 uncollected 5
    commit  R2 10 part                -> used 40 held 0 ; R2 COMMITTED committed 10 uncollected 0
    commit  R3 FAILED                 -> used 40 ; R3 COMMITTED committed 0 outcome FAILED
    `,
  );
  scenario(
    'the last late commit is 24 hours after the end',
    `
    open PRO
    reserve R1 10 ttl 60s
    reserve R2 10 ttl 60s
    clock  +60s                       -> held 0
    clock  +86400000ms
    commit  R1                        -> used 10
    clock  +1ms
    commit  R2                        -> ReservationClosed EXPIRED ; used 10
    `,
  );
  scenario(
    'a late commit whose grant is gone takes from what there is now',
    `
    open FREE
    grant   G1 20 expires +1h
    reserve R1 20 ttl 30m             -> available 0
    clock  +30m                       -> available 20
    clock  +30m                       -> available 0 ; G1 expired 20
    grant   G2 5
    commit  R1                        -> used 5 ; R1 COMMITTED committed 5 uncollected 15 from G1:20,G2:5 ; G2 spent 5
    `,
  );
});

describe('grants', () => {
  scenario(
    'burn order: plan, then given, then bought or bonus; the sooner to end first, never last; then the older',
    `
    open PRO                              -> allowanceLeft 100
    grant  BONUS1  10 source BONUS expires +1d
    grant  NEVER   10
    grant  LATE    10 expires +20d
    grant  SOON    10 expires +10d
    grant  SOON2   10 expires +10d
    reserve R1 100                        -> R1 HELD from allowance:100
    reserve R2 45                         -> R2 HELD from SOON:10,SOON2:10,LATE:10,NEVER:10,BONUS1:5
    commit  R2 25                         -> R2 COMMITTED committed 25 ; entries COMMIT:5:BONUS1 COMMIT:10:SOON COMMIT:10:SOON2 RELEASE:10:NEVER RELEASE:10:LATE
    `,
  );
  scenario(
    'free before paid where all else is equal; on FREE what was bought waits',
    `
    open PRO
    spend  S1 100
    grant  P1 10 source PURCHASE expires +30d
    grant  B1 10 source BONUS expires +30d
    reserve R1 15                         -> R1 HELD from B1:10,P1:5 ; purchased 5
    open FREE
    grant  P2 10 source PURCHASE          -> available 0 waiting 10 purchased 0 level EMPTY ; events GRANT_ADDED
    reserve R2 5                          -> InsufficientCredits available 0 shortfall 5
    spend  S2 regeneration.basic          -> ok ; waiting 10
    grant  G1 3                           -> available 3 waiting 10
    reserve R3 3                          -> available 0 waiting 10 level EMPTY
    commit R3 9 IF_AVAILABLE              -> R3 COMMITTED committed 3 uncollected 6 ; waiting 10
    `,
  );
  scenario(
    'what a commit releases is the part that ends latest',
    `
    open FREE
    grant  A 10 expires +10d
    grant  B 10 expires +20d
    grant  C 10
    reserve R1 30                         -> R1 HELD from A:10,B:10,C:10
    commit  R1 10 part                    -> entries COMMIT:10:A
    commit  R1 5                          -> entries COMMIT:5:B RELEASE:10:C RELEASE:5:B
    `,
  );
  scenario(
    'among grants that end together a commit spends in burn order and gives back in reverse: paid before free',
    `
    open PRO
    spend  S1 100
    grant  P1 10 source PURCHASE expires +30d
    grant  B1 10 source BONUS expires +30d
    grant  B2 10 source BONUS expires +30d
    reserve R1 25                         -> R1 HELD from B1:10,B2:10,P1:5
    commit  R1 11                         -> entries COMMIT:10:B1 COMMIT:1:B2 RELEASE:5:P1 RELEASE:9:B2
    `,
  );
  scenario(
    'what was held later but burns first is spent first where all end together',
    `
    open PRO
    spend  S1 100
    grant  P1 10 source PURCHASE expires +30d
    reserve R1 10                         -> R1 HELD from P1:10
    commit  R1 2 part
    grant  M1 4 expires +30d
    commit  R1 9 part IF_AVAILABLE        -> R1 COMMITTED from P1:10,M1:1 ; entries RESERVE:1:M1 COMMIT:1:M1 COMMIT:8:P1
    `,
  );
  scenario(
    'what an operator gives counts as promotional, a bonus too',
    `
    open PRO
    grant  B1 10 source BONUS             -> available 110 promotional 10 purchased 0
    grant  A1 5 source ADJUSTMENT         -> promotional 15 purchased 0
    grant  P1 7 source PURCHASE           -> promotional 15 purchased 7
    open FREE
    grant  B2 10 source BONUS             -> available 10 promotional 10 waiting 0
    `,
  );
  scenario(
    'a grant ends at its instant, with an event if something was left',
    `
    open FREE
    grant  A 10 expires +1d               -> available 10 promotional 10 ; events GRANT_ADDED
    grant  B 10 expires +1d               -> available 20
    spend  S1 10                          -> A spent 10 ; events GRANT_ADDED
    clock  +86399999ms                    -> available 10
    clock  +1ms                           -> available 0 level EMPTY ; B expired 10 ; events GRANT_EXPIRED BALANCE_LOW:EMPTY
    `,
  );
  scenario(
    'what comes back to a grant before its end ends with it',
    `
    open FREE
    grant  A 100 expires 2026-01-01T12:00Z  -> available 100
    reserve R0 media.upload ttl 60s
    reserve R1 100 ttl 24h                -> available 0
    clock 2026-01-01T01:00Z               -> R0 EXPIRED
    release R1                            -> available 100
    clock 2026-01-01T12:00Z               -> available 0 ; A expired 100
    reserve R2 5                          -> InsufficientCredits available 0
    `,
  );
  scenario(
    'what is released after its grant expired goes to expired',
    `
    open FREE
    grant  A 30 expires +1h
    reserve R1 20 ttl 24h                 -> available 10
    clock +1h                             -> available 0 held 20 ; A expired 10 held 20 ; events GRANT_ADDED GRANT_EXPIRED BALANCE_LOW:EMPTY
    commit  R1 5 part                     -> A spent 5
    release R1                            -> available 0 held 0 ; A expired 25 spent 5 ; events ; entries RELEASE:15:A EXPIRE:15:A
    `,
  );
  scenario(
    'a hold and its grant end at one instant: nothing comes back',
    `
    open FREE
    grant  A 30 expires +1h
    reserve R1 30 ttl 1h                  -> available 0 ; events GRANT_ADDED BALANCE_LOW:EMPTY
    clock +1h                             -> available 0 ; A expired 30 ; R1 EXPIRED ; events RESERVATION_EXPIRED
    `,
  );
  scenario(
    'a grant is refused that would end now or before, and the largest amounts are exact',
    `
    open FREE
    grant  A 10 expires now               -> InvalidAmount expiresAt
    grant  B 10 expires now-1d            -> InvalidAmount expiresAt
    grant  C 10 expires now+1ms           -> available 10
    grant  D 1000000000000                -> available 1000000000010
    `,
  );
  scenario(
    'scan credits and standard credits never mix',
    `
    open PRO                              -> available 100 ; SCAN available 0
    reserve R1 deep_scan                  -> InsufficientCredits creditType SCAN needed 1 available 0 pack scan.5 upgrade -
    grant   G1 3 SCAN                     -> available 100 ; SCAN available 3
    reserve R2 deep_scan*2                -> available 100 held 0 ; SCAN available 1 held 2
    reserve R3 deep_scan,image.short      -> MixedCreditTypes
    commit  R2 1                          -> available 100 used 0 ; SCAN available 2 used 1
    `,
  );
});

describe('periods', () => {
  scenario(
    'at a boundary the rest of the allowance is forfeited and the next one is there',
    `
    open PRO                              -> available 100 ; period 0 ; resets 2026-02-01T00:00:00.000Z
    spend   S1 30                         -> available 70 used 30
    grant   G1 7                          -> available 77
    clock   boundary-1ms                  -> available 77 used 30 ; events GRANT_ADDED
    clock   +1ms                          -> available 107 used 0 allowance 100 promotional 7 ; period 1 ; events PERIOD_RESET ; resets 2026-03-01T00:00:00.000Z
    `,
  );
  scenario(
    'asleep for three boundaries: three closed periods, one current allowance',
    `
    open PRO                              -> version 1
    spend   S1 30                         -> version 2
    clock   2026-04-15                    -> available 100 used 0 version 5 ; period 3 ; events PERIOD_RESET PERIOD_RESET PERIOD_RESET
    clock   2026-04-15                    -> version 5 ; events
    `,
  );
  scenario(
    'a FREE account resets too: an empty group with its version and event',
    `
    open FREE                             -> available 0 level EMPTY version 1
    clock   boundary                      -> version 2 ; events PERIOD_RESET ; entries
    `,
  );
  scenario(
    'a hold open across a boundary stays spendable for that hold, and never returns into the new allowance',
    `
    open PRO
    clock   2026-01-31T23:50Z
    reserve R1 60 ttl 1h                  -> available 40
    reserve R2 20 ttl 1h                  -> available 20
    clock   boundary                      -> available 100 held 80 used 0
    commit  R1 50                         -> available 100 held 20 used 50 ; R1 COMMITTED committed 50 released 10
    clock   +1h                           -> available 100 held 0 ; R2 EXPIRED released 20
    commit  R2                            -> available 80 used 70
    `,
  );
  scenario(
    'months are counted from the anchor, in the zone of the account',
    `
    open PRO at 2026-02-10T00:00:00Z anchor 2025-12-31T22:30:00Z zone Europe/Berlin   -> period 1 ; resets 2026-02-28T22:30:00.000Z
    clock   boundary                      -> period 2 ; resets 2026-03-31T21:30:00.000Z
    clock   boundary                      -> period 3 ; resets 2026-04-30T21:30:00.000Z
    `,
  );
  scenario(
    'an anchor later than now is refused, one that is now is period 0',
    `
    open PRO at 2026-01-01T00:00:00Z anchor 2026-01-01T00:00:00.001Z  -> InvalidAmount billingAnchor
    open PRO at 2026-01-01T00:00:00Z anchor 2026-01-01T00:00:00Z      -> period 0
    `,
  );
});

describe('the clock of a sandbox account', () => {
  scenario(
    'only moves forward, at most 24 months a call, and to where it is changes nothing',
    `
    open FREE                             -> version 1
    clock   now                           -> ok ; version 1
    clock   now-1ms                       -> InvalidAmount to
    clock   2028-01-01T00:00:00.001Z      -> InvalidAmount to
    clock   2028-01-01T00:00:00Z          -> ok ; at 2028-01-01T00:00:00.000Z ; version 25
    clock   2200-01-01T00:00:00Z          -> InvalidAmount to
    `,
  );
  scenario(
    'what falls due on the way is closed in time order, each at its own instant',
    `
    open PRO
    grant   G1 10 expires 2026-02-01T00:00:00Z
    clock   2026-01-31T23:30:00Z
    reserve R1 100 ttl 30m                -> R1 HELD from allowance:100
    reserve R2 5 ttl 1h                   -> events GRANT_ADDED GRANT_EXPIRING GRANT_EXPIRING GRANT_EXPIRING BALANCE_LOW:LOW BALANCE_LOW:CRITICAL
    clock   2026-03-02                    -> events RESERVATION_EXPIRED GRANT_EXPIRED BALANCE_LOW:EMPTY PERIOD_RESET BALANCE_RECOVERED:LOW RESERVATION_EXPIRED PERIOD_RESET
    `,
  );
});

describe('saying no', () => {
  scenario(
    'enough after holds counts neither holds nor free credits whose grant has ended by then',
    `
    open FREE
    grant   G1 10 expires +1h
    grant   G2 50
    reserve R1 50 ttl 2h                  -> R1 HELD from G1:10,G2:40
    release R1
    grant   G3 40 expires +24h
    reserve R2 regeneration.basic*50 ttl 90m -> R2 HELD from G1:10,G3:40
    reserve R3 regeneration.basic*60      -> InsufficientCredits needed 60 available 50 held 50 enoughAfterHoldsAt ${Date.UTC(2026, 0, 1, 1, 30)}
    reserve R4 regeneration.basic*90      -> InsufficientCredits needed 90 available 50 enoughAfterHoldsAt ${Date.UTC(2026, 0, 1, 1, 30)}
    reserve R5 regeneration.basic*91      -> InsufficientCredits needed 91 available 50 enoughAfterHoldsAt -
    `,
  );
  scenario(
    'enough after holds: 10 that end at 01:00 and 50 held until 02:00 never make 60',
    `
    open FREE
    grant   G2 50
    reserve R1 50 ttl 2h                  -> held 50
    grant   G1 10 expires +1h             -> available 10
    reserve R2 60                         -> InsufficientCredits available 10 held 50 shortfall 50 enoughAfterHoldsAt -
    reserve R3 50                         -> InsufficientCredits enoughAfterHoldsAt ${Date.UTC(2026, 0, 1, 2)}
    `,
  );
  scenario(
    'enough after holds: those that end at one instant free their credits together, before a loss',
    `
    open FREE
    grant   G1 30 expires +3h
    grant   G2 30
    reserve R1 15 ttl 1h
    reserve R2 15 ttl 1h
    reserve R3 30 ttl 4h                  -> available 0
    reserve R4 30                         -> InsufficientCredits enoughAfterHoldsAt ${Date.UTC(2026, 0, 1, 1)}
    reserve R5 31                         -> InsufficientCredits enoughAfterHoldsAt -
    `,
  );
  scenario(
    'too few credits: everything that one could do about it',
    `
    open PRO
    reserve R1 30 ttl 5m                  -> available 70
    reserve R2 30 ttl 10m                 -> available 40
    reserve R3 video.mid                  -> InsufficientCredits creditType STANDARD needed 50 available 40 held 60 shortfall 10 holds R1,R2 version 3 pack pack.50 upgrade ENTERPRISE alternatives video.short
    reserve R3 video.mid                  -> InsufficientCredits needed 50 available 40 shortfall 10 ; replayed
    `,
  );
  scenario(
    'a plan without Production Room',
    `
    open FREE
    reserve R1 image.short                -> OperationNotInPlan operation image.short plan FREE upgrade PRO
    reserve R2 image.huge                 -> OperationUnknown operation image.huge
    reserve R3 deep_scan,regeneration.basic -> MixedCreditTypes
    reserve R4 regeneration.advanced      -> InsufficientCredits needed 2 available 0 pack - upgrade PRO
    `,
  );
  scenario(
    'a refusal stays a refusal under its key, whatever happens after it',
    `
    open FREE
    reserve R1 regeneration.basic*2       -> InsufficientCredits needed 2 available 0 shortfall 2 ; fresh ; version 1
    grant   G1 100                        -> available 100
    reserve R1 regeneration.basic*2       -> InsufficientCredits needed 2 available 0 shortfall 2 ; replayed ; available 100
    reserve R2 regeneration.basic*2       -> ok ; available 98
    `,
  );
});

describe('idempotency', () => {
  scenario(
    'a repeated key shows the reservation as it is now',
    `
    open PRO
    reserve R1 40                         -> available 60
    commit  R1 40                         -> used 40
    reserve R1 40                         -> replayed ; available 60 used 40 ; R1 COMMITTED
    `,
  );
  scenario(
    'a key twice in one batch: the second is a replay, or a conflict',
    `
    open PRO
    reserve R1 40                         -> fresh ; available 60
    & reserve R1 40                       -> replayed
    & reserve R1 50                       -> IdempotencyConflict operations
    commit  R1 10 key c                   -> fresh ; used 10
    & commit R1 10 key c                  -> replayed
    & commit R1 20 key c                  -> IdempotencyConflict amount
    & commit R1 10 key d                  -> ReservationClosed COMMITTED
    reserve R5 99                         -> InsufficientCredits available 90 ; fresh
    & reserve R5 99                       -> InsufficientCredits available 90 ; replayed
    & grant  G1 50                        -> available 140
    & reserve R5 99                       -> InsufficientCredits available 90 ; replayed
    `,
  );
  scenario(
    'one key means something else for another mutation, another user',
    `
    open PRO
    reserve R1 10 key k by alice          -> fresh
    reserve R2 20 key k by bob            -> fresh
    reserve R3 30 key k                   -> fresh
    spend   S1 5  key k                   -> fresh
    commit  R1    key k by alice          -> fresh ; used 15
    release R2    key k by bob            -> fresh
    reserve R4 10 key k by alice          -> replayed ; used 15
    `,
  );
  scenario(
    'a refused commit stays refused under its key',
    `
    open PRO
    reserve R1 10
    commit  R1 11 key c                   -> CommitExceedsReservation held 10 requested 11
    commit  R1 10 part key p              -> R1 COMMITTED
    commit  R1 11 key c                   -> CommitExceedsReservation held 10 requested 11 ; replayed
    commit  R1 10 key d                   -> ReservationClosed COMMITTED ; fresh
    commit  R1 10 key d                   -> ReservationClosed COMMITTED ; replayed
    `,
  );
  scenario(
    'a kept grant is shown as it is now',
    `
    open FREE
    grant   G1 10 expires +1d             -> fresh ; available 10
    spend   S1 10
    clock   +2d
    grant   G1 10 expires 2026-01-02T00:00:00Z -> replayed ; G1 spent 10 ; available 0
    grant   G1 11 expires 2026-01-02T00:00:00Z -> IdempotencyConflict credits
    `,
  );
});

describe('operations that cost nothing', () => {
  scenario(
    'go through the same decision, take a version, and never depend on the balance',
    `
    open FREE                                  -> available 0 version 1
    reserve R1 content.generate*3              -> held 0 version 2 ; R1 HELD reserved 0
    commit  R1                                 -> used 0 version 3 ; R1 COMMITTED lines content.generate:0:3
    spend   S1 standard_scan,media.upload*2    -> version 4 ; S1 COMMITTED lines standard_scan:0:1,media.upload:0:2
    reserve R2 media.upload*5                  -> version 5
    commit  R2 done media.upload*2             -> R2 COMMITTED lines media.upload:0:2 ; entries
    reserve R3 media.upload
    commit  R3 FAILED                          -> R3 COMMITTED lines media.upload:0:0
    `,
  );
  scenario(
    'the courtesy: three basic regenerations an account-day with too few credits, counted when reserved',
    `
    open FREE zone Asia/Tokyo                  -> available 0
    spend   S1 regeneration.basic              -> S1 COMMITTED committed 0 lines regeneration.basic:0:1
    spend   S2 regeneration.basic*2            -> InsufficientCredits needed 2
    reserve R1 regeneration.basic              -> R1 HELD reserved 0
    release R1                                 -> R1 RELEASED
    spend   S3 regeneration.basic              -> ok
    spend   S4 regeneration.basic              -> InsufficientCredits needed 1 available 0
    spend   S1 regeneration.basic              -> replayed
    clock   2026-01-01T14:59:59.999Z
    spend   S5 regeneration.basic              -> InsufficientCredits needed 1
    clock   +1ms
    spend   S6 regeneration.basic              -> ok
    grant   G1 1                               -> available 1
    spend   S7 regeneration.basic              -> available 0 used 1
    spend   S8 regeneration.basic              -> ok ; used 1
    spend   S9 regeneration.basic              -> ok ; used 1
    spend   S10 regeneration.basic             -> InsufficientCredits needed 1
    spend   S11 regeneration.basic,content.generate -> InsufficientCredits needed 1
    `,
  );
});

describe('quotes', () => {
  scenario(
    'keep their price, for ten minutes, for their account',
    `
    open PRO
    quote   Q1 image.short*2 list 2            # whose price is 4, and which is not in force
    reserve R1 quote Q1                        -> held 8 ; R1 HELD reserved 8
    quote   Q2 image.short
    quote   Q3 image.short foreign
    reserve R2 quote Q3                        -> QuoteNotValid OTHER_ACCOUNT
    reserve R3 quote nonsense                  -> QuoteNotValid FORGED
    clock   +599999ms
    reserve R4 quote Q2                        -> ok ; held 13
    clock   +1ms
    reserve R5 quote Q2                        -> QuoteNotValid EXPIRED
    reserve R4 quote Q2                        -> replayed
    clock   +1d
    reserve R4 quote Q2                        -> replayed
    reserve R5 quote Q2                        -> QuoteNotValid EXPIRED ; replayed
    `,
  );
  scenario(
    'that say 0 for a courtesy hold, also when credits have come since, as long as the day has a courtesy left',
    `
    open FREE
    quote   Q1 regeneration.basic courtesy
    grant   G1 5
    reserve R1 quote Q1                        -> available 5 held 0 ; R1 HELD reserved 0
    quote   Q2 regeneration.basic courtesy
    quote   Q3 regeneration.basic courtesy
    quote   Q4 regeneration.basic courtesy
    spend   S2 quote Q2                        -> available 5 used 0
    spend   S3 quote Q3                        -> available 5 used 0
    spend   S4 quote Q4                        -> QuoteNotValid COURTESY_USED ; available 5 used 0
    `,
  );
  scenario(
    'need the plan as it is when they are used',
    `
    open FREE
    quote   Q1 image.short
    reserve R1 quote Q1                        -> OperationNotInPlan operation image.short
    `,
  );
});

describe('low balance', () => {
  scenario(
    '19, 21, 19, 21 around 20: one event',
    `
    open PRO                                   -> level OK
    reserve R0 80 ttl 24h                      -> available 20 level LOW ; events BALANCE_LOW:LOW
    reserve R1 1 ttl 1h                        -> available 19 ; events
    release R1                                 -> available 20 ; events
    grant   G1 1                               -> available 21 ; events GRANT_ADDED
    reserve R2 2                               -> available 19 ; events
    release R2                                 -> available 21 level LOW ; events
    grant   G2 3                               -> available 24 level LOW ; events GRANT_ADDED
    grant   G3 1                              -> available 25 level LOW ; events GRANT_ADDED
    grant   G4 2                              -> available 27 level OK ; events GRANT_ADDED BALANCE_RECOVERED:LOW
    `,
  );
  scenario(
    'one event a movement, with the most severe level crossed; EMPTY whenever nothing is there',
    `
    open PRO
    reserve R1 96                              -> level CRITICAL ; events BALANCE_LOW:CRITICAL
    reserve R2 4                               -> level EMPTY ; events BALANCE_LOW:EMPTY
    release R2                                 -> available 4 level CRITICAL ; events
    release R1                                 -> available 100 level OK ; events BALANCE_RECOVERED:LOW
    `,
  );
  scenario(
    'a hold that came back arms the rules: the next fall fires them again',
    `
    open PRO
    reserve R1 90                              -> available 10 level LOW ; events BALANCE_LOW:LOW
    release R1                                 -> available 100 level OK ; events BALANCE_RECOVERED:LOW
    reserve R2 90                              -> available 10 level LOW ; events BALANCE_LOW:LOW
    release R2                                 -> available 100 level OK ; events BALANCE_RECOVERED:LOW
    reserve R3 90 ttl 60s                      -> available 10 level LOW ; events BALANCE_LOW:LOW
    clock   +60s                               -> available 100 level OK ; events RESERVATION_EXPIRED BALANCE_RECOVERED:LOW
    reserve R4 90                              -> available 10 level LOW ; events BALANCE_LOW:LOW
    commit  R4                                 -> available 10 level LOW ; events
    `,
  );
  scenario(
    'a promotion does not leave LOW behind for ever: the next reset takes the base anew and arms again',
    `
    open PRO
    grant  G1 900 expires 2026-03-12T00:00:00Z -> available 1000 level OK
    clock  2026-02-01                          -> available 1000 level OK ; events GRANT_ADDED PERIOD_RESET
    clock  2026-03-12                          -> available 100 level LOW ; marks BALANCE_LOW:LOW:200
    clock  boundary                            -> available 100 level OK ; marks BALANCE_RECOVERED:LOW:200
    reserve R1 79                              -> available 21 level OK ; marks
    reserve R2 1                               -> available 20 level LOW ; marks BALANCE_LOW:LOW:20
    `,
  );
  scenario(
    'the base is the most that was available and held since the last start',
    `
    open FREE                                  -> level EMPTY
    grant  G1 5                                -> available 5 level OK
    grant  G2 995                              -> available 1000 level OK ; marks
    spend  S1 990                              -> available 10 level CRITICAL ; marks BALANCE_LOW:CRITICAL:50
    grant  G3 989                              -> available 999 level OK ; marks BALANCE_RECOVERED:LOW:200
    `,
  );
  scenario(
    'the margin is 5 % of the base as it is now, not of an older one',
    `
    open PRO
    spend  S1 80                               -> available 20 level LOW ; marks BALANCE_LOW:LOW:20
    grant  G1 4                                -> available 24 level LOW ; marks
    grant  G2 1                                -> available 25 level OK ; marks BALANCE_RECOVERED:LOW:20
    spend  S2 5                                -> available 20 level LOW ; marks BALANCE_LOW:LOW:20
    grant  G3 380                              -> available 400 level OK ; marks BALANCE_RECOVERED:LOW:20
    spend  S3 320                              -> available 80 level LOW ; marks BALANCE_LOW:LOW:80
    grant  G4 19                               -> available 99 level LOW ; marks
    grant  G5 1                                -> available 100 level OK ; marks BALANCE_RECOVERED:LOW:80
    `,
  );
  scenario(
    'a grant that lifts base and balance at once re-arms by the margin of the base that it makes',
    `
    open ENTERPRISE
    reserve R1 regeneration.basic*400 ttl 24h  -> available 100 level LOW ; marks BALANCE_LOW:LOW:100
    grant   G1 31                              -> available 131 level LOW ; marks
    grant   G2 1                               -> available 132 level OK ; marks BALANCE_RECOVERED:LOW:100
    `,
  );
  scenario(
    'a reset arms every rule that is below what is there, whatever the margin, and no other',
    `
    open PRO
    reserve R1 regeneration.basic*100 ttl 24h  -> available 0 level EMPTY ; marks BALANCE_LOW:EMPTY:0
    clock  2026-01-02                          -> available 100 level OK ; marks BALANCE_RECOVERED:LOW:20
    grant  G1 400 expires +60d                 -> available 500
    clock  2026-01-31T12:00Z
    reserve R2 regeneration.basic*480 ttl 24h  -> available 20 level CRITICAL ; marks BALANCE_LOW:CRITICAL:25
    clock  boundary                            -> available 120 held 480 level LOW ; marks BALANCE_RECOVERED:CRITICAL:25
    `,
  );
  scenario(
    'a reset asks for no margin: 100 of a base of 450 are above LOW at 90',
    `
    open PRO
    grant  G1 250 expires +60d
    clock  2026-01-31T12:00Z
    reserve R1 regeneration.basic*350 ttl 24h  -> available 0 ; marks BALANCE_LOW:EMPTY:0
    clock  boundary                            -> available 100 held 350 level OK ; marks BALANCE_RECOVERED:LOW:70
    `,
  );
  scenario(
    'a grant that ends at the boundary is a movement of its own, before the reset',
    `
    open PRO
    clock  2026-01-31T12:00Z
    reserve R1 regeneration.basic*100 ttl 24h  -> available 0 ; marks BALANCE_LOW:EMPTY:0
    grant  G1 1000 expires 2026-02-01T00:00Z   -> available 1000
    reserve R2 regeneration.basic*600 ttl 24h  -> available 400 level OK ; marks BALANCE_RECOVERED:LOW:20
    clock  boundary                            -> available 100 held 700 level LOW ; marks BALANCE_LOW:EMPTY:0 BALANCE_RECOVERED:CRITICAL:55
    `,
  );
  scenario(
    'level is EMPTY exactly when nothing is available',
    `
    open PRO
    spend  S1 100                              -> available 0 level EMPTY
    grant  G1 1                                -> available 1 level CRITICAL ; marks BALANCE_LOW:EMPTY:0
    grant  G2 3                                -> available 4 level CRITICAL ; marks
    grant  G3 2                                -> available 6 level CRITICAL ; marks BALANCE_RECOVERED:EMPTY:0
    `,
  );
  scenario(
    'creating an account makes no event, neither with an allowance nor without',
    `
    open PRO                                   -> events ; level OK
    open FREE                                  -> events ; level EMPTY
    `,
  );
});

describe('credits that an operator takes back', () => {
  scenario(
    'what is unheld goes at once, what a hold gives back later goes then, and what it spends is spent',
    `
    open PRO
    grant   G1 60 expires +10d                 -> available 160
    revoke  allowance                          -> available 60 held 0 allowance 100 allowanceLeft 0 ; entries REVOKE:100:allowance
    reserve R1 50 ttl 24h                      -> available 10 held 50
    revoke  G1 key once                        -> available 0 held 50 ; ok ; fresh ; G1 available 0 held 50 revoked 10 recalled true
    commit  R1 20                              -> available 0 held 0 used 20 ; R1 COMMITTED committed 20 released 30 ; G1 spent 20 revoked 40
    revoke  G1 key once                        -> replayed ; available 0
    `,
  );
  scenario(
    'twice, spent or ended: answered as it is, without a version',
    `
    open PRO                                   -> version 1
    grant   G1 10                              -> version 2
    revoke  G1 key a                           -> version 3 available 100 ; fresh
    revoke  G1 key b                           -> version 3 ; fresh ; G1 revoked 10
    revoke  G1 key b                           -> replayed ; version 3
    grant   G2 10 expires +1d
    clock   +2d                                -> version 5
    revoke  G2                                 -> version 5 ; fresh ; G2 expired 10 revoked 0
    spend   S1 100
    revoke  allowance                          -> version 6 ; fresh
    `,
  );
  scenario(
    'a hold of all of it: nothing moves now, all of it goes when it comes back, and its end comes too late',
    `
    open FREE
    grant   G1 10 expires +1d
    reserve R1 10 ttl 24h                      -> available 0 held 10 version 3
    revoke  G1                                 -> available 0 held 10 version 4 ; entries ; G1 recalled true revoked 0
    revoke  G1                                 -> version 4
    clock   +1d                                -> available 0 held 0 ; R1 EXPIRED ; G1 revoked 10 expired 0 ; entries RELEASE:10:G1 REVOKE:10:G1
    commit  R1                                 -> R1 COMMITTED committed 0 uncollected 10 ; G1 revoked 10
    `,
  );
  scenario(
    'bought credits are refunded, not revoked; a grant that is not there is not found',
    `
    open PRO
    grant   G1 10 source PURCHASE              -> version 2
    revoke  G1                                 -> InvalidAmount grantId ; version 2
    revoke  G9                                 -> notFound ; version 2
    `,
  );
  scenario(
    'a revoke is a movement: rules cross as by any other, and the next reset grants as ever',
    `
    open PRO
    grant   G1 100                             -> available 200 ; events GRANT_ADDED
    revoke  allowance                          -> available 100 level OK ; events
    revoke  G1                                 -> available 0 level EMPTY ; events BALANCE_LOW:EMPTY
    clock   boundary                           -> available 100 allowance 100 level OK ; marks BALANCE_RECOVERED:LOW:40
    `,
  );
});

describe('an addition to a hold', () => {
  scenario(
    'adds lines and credits to the hold, with the same end; under its key it happens once',
    `
    open PRO
    reserve R1 image.short*2 ttl 60s            -> held 10 ; R1 HELD expires 2026-01-01T00:01:00.000Z
    add     R1 image.long,image.short key more  -> available 65 held 35 version 3 ; fresh ; R1 HELD reserved 35 held 35 expires 2026-01-01T00:01:00.000Z lines image.short:0:0,image.long:0:0,image.short:0:0
    add     R1 image.long,image.short key more  -> replayed ; available 65 held 35 version 3
    add     R1 image.long key more              -> IdempotencyConflict operations
    clock   now+60s                             -> available 100 held 0 ; R1 EXPIRED released 35
    add     R1 image.short                      -> ReservationClosed EXPIRED
    commit  R1 30                               -> available 70 ; R1 COMMITTED committed 30 lines image.short:10:2,image.long:20:1,image.short:0:0
    add     R1 image.short                      -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'operations fill the lines of their code in order; an amount fills all lines in order',
    `
    open PRO
    reserve R1 image.short*2,image.mid                 -> held 20
    add     R1 image.short*3                           -> held 35
    commit  R1 done image.short*3 part                 -> R1 HELD lines image.short:10:2,image.mid:0:0,image.short:5:1
    add     R1 image.mid                               -> held 30
    commit  R1 12 part                                 -> R1 HELD lines image.short:10:2,image.mid:10:1,image.short:7:2,image.mid:0:0
    commit  R1 done image.mid                          -> R1 COMMITTED committed 37 released 8 lines image.short:10:2,image.mid:10:1,image.short:7:2,image.mid:10:1
    `,
  );
  scenario(
    'a refusal leaves the hold as it was',
    `
    open PRO
    reserve R1 image.short*10                  -> available 50 held 50
    reserve R2 image.short*8                   -> available 10 held 90
    add     R1 image.long                      -> InsufficientCredits needed 20 available 10 held 90 shortfall 10 holds R2 version 3
    add     R1 image.gone                      -> OperationUnknown operation image.gone
    add     R1 deep_scan                       -> MixedCreditTypes
    add     R1 image.short,deep_scan           -> MixedCreditTypes
    release R1                                 -> R1 RELEASED reserved 50 released 50
    `,
  );
  scenario(
    'no courtesy passes, nor does a quote that promised one',
    `
    open FREE
    quote   Q1 regeneration.basic courtesy
    reserve R1 content.generate          -> R1 HELD held 0
    add     R1 regeneration.basic        -> InsufficientCredits needed 1 available 0
    add     R1 quote Q1                  -> QuoteNotValid COURTESY_USED
    add     R1 content.generate*2        -> R1 HELD held 0 reserved 0 lines content.generate:0:0,content.generate:0:0
    commit  R1                           -> R1 COMMITTED lines content.generate:0:1,content.generate:0:2
    `,
  );
  scenario(
    'behind a courtesy, what is added is paid for',
    `
    open FREE
    reserve R1 regeneration.basic        -> R1 HELD held 0
    grant   G1 5                         -> available 5
    add     R1 regeneration.basic*3      -> R1 HELD held 3
    commit  R1 done regeneration.basic*2 -> available 4 ; R1 COMMITTED committed 1 released 2 lines regeneration.basic:0:1,regeneration.basic:1:1
    `,
  );
  scenario(
    'a quote of before keeps its price; an expired or foreign one is refused',
    `
    open PRO
    reserve R1 image.short                       -> held 5
    quote   Q1 image.mid*2
    add     R1 quote Q1                          -> held 25 ; R1 lines image.short:0:0,image.mid:0:0
    quote   Q2 image.mid expires now
    add     R1 quote Q2                          -> QuoteNotValid EXPIRED
    quote   Q3 image.mid foreign
    add     R1 quote Q3                          -> QuoteNotValid OTHER_ACCOUNT
    `,
  );
  scenario(
    'draws in burn order beside what the hold has',
    `
    open PRO
    grant   G1 40 expires +30d
    reserve R1 image.long*4           -> available 60 held 80
    add     R1 image.long*3           -> available 0 held 140 ; R1 reserved 140 held 140
    commit  R1 130                    -> available 10 held 0 ; R1 COMMITTED committed 130 released 10
    `,
  );
  scenario(
    'what a part has emptied is closed and cannot grow',
    `
    open PRO
    reserve R1 image.short     -> held 5
    commit  R1 5 part          -> R1 COMMITTED
    add     R1 image.short     -> ReservationClosed COMMITTED
    `,
  );
  scenario(
    'who may close may add',
    `
    open PRO
    reserve R1 image.short by ann     -> held 5
    add     R1 image.short by ben     -> forbidden
    add     R1 image.short by ann     -> held 10
    add     R1 image.short            -> held 15
    `,
  );
  scenario(
    'warns of a low balance as a reserve does',
    `
    open PRO
    reserve R1 image.long*4    -> marks BALANCE_LOW:LOW:20
    add     R1 image.short*4   -> marks BALANCE_LOW:EMPTY:0
    release R1                 -> available 100 ; marks BALANCE_RECOVERED:LOW:20
    `,
  );
});
