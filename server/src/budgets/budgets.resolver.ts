import { Arg, Ctx, Extensions, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, type Caller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { type Connection, malformedCursor, pageOf, type PageRequest, readPageRequest } from '../kit/page.js';
import { paragraphs } from '../kit/paragraphs.js';
import { windowAt } from '../ledger/core/budget-window.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { sightOf } from '../ledger/graph/sight.js';
import {
  Budget,
  type BudgetPreview,
  type BudgetReceipt,
  type BudgetUse,
  BudgetUseConnection,
  PreviewBudgetResult,
  SetBudgetInput,
  SetBudgetResult,
  type ShownBudget,
} from './budgets.types.js';
import { previewBudget, type PreviewBudgetDeps } from './preview-budget.js';
import { readBudgets } from './read-budgets.js';
import { FROM_THE_FULLEST, readUses, type Use } from './read-uses.js';
import { removeBudget, setBudget, type SetBudgetDeps } from './set-budget.js';

/** Two or three look-ups. */
const COST_OF_BUDGETS = 5;
/** As many tallies as members are read. */
const COST_OF_USES = 20;
/** As of reports of usage. */
const COST_OF_A_PREVIEW = 90;
const ERRORS =
  'BAD_USER_INPUT naming what is malformed, NOT_FOUND for an unknown or foreign account or budget, FORBIDDEN without `keys:admin`, which an owner has';

/** Limits that owners set. */
@Resolver(() => Account)
export class BudgetsResolver {
  constructor(private readonly deps: SetBudgetDeps & PreviewBudgetDeps) {}

  @Mutation(() => SetBudgetResult, {
    description: paragraphs(
      'Makes a budget, or changes the name, the limit and `hard` of the one with the given id; what its window has counted stays. It counts from its making on: holds beside what is committed, each line in the window in which it was held. A hard one denies work beyond its limit (BudgetExceeded), a soft one only warns; both tell BUDGET_LOW at 80 % and BUDGET_EXHAUSTED at 100 %. A limit below what is used denies from now on and touches nothing that is held.',
      `Refusals: InvalidAmount naming the field (with an id also each field that cannot be changed; \`accountId\` where the account has 200 budgets), IdempotencyConflict. Errors: ${ERRORS}, UNAVAILABLE (repeat it with the same key).`,
      'Rules: docs/domain.md, Budgets; Idempotency.',
    ),
  })
  setBudget(
    @Arg('input', () => SetBudgetInput) input: SetBudgetInput,
    @Arg('idempotencyKey', () => String, {
      description:
        '1 to 255 visible ASCII characters. The same key with the same input answers what was decided first; kept at least 30 days.',
    })
    idempotencyKey: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<BudgetReceipt | Problem> {
    return setBudget(this.deps, caller, input, idempotencyKey);
  }

  @Mutation(() => ID, {
    description: `Ends a budget; what is held stays held. Repeating it is safe. Answers its id. Errors: ${ERRORS}, UNAVAILABLE.`,
  })
  removeBudget(
    @Arg('id', () => ID, { description: 'Which. Example: `budget_01jq3…`.' }) id: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<string> {
    return removeBudget(this.deps, caller, id);
  }

  @Extensions({ cost: COST_OF_A_PREVIEW })
  @Query(() => PreviewBudgetResult, {
    description: paragraphs(
      'What this budget, if it were hard, would have denied of all that was committed in the last 30 days. Writes nothing.',
      `Refusals: InvalidAmount naming the field, also \`setAside\`, since what is set aside denies nothing by itself. Errors: ${ERRORS}, BAD_USER_INPUT \`accountId\` for more than 100,000 committed lines, RATE_LIMITED for too many reports at once.`,
      'Rules: docs/domain.md, Budgets.',
    ),
  })
  previewBudget(
    @Arg('input', () => SetBudgetInput) input: SetBudgetInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<BudgetPreview | Problem> {
    return previewBudget(this.deps, caller, input);
  }

  @Extensions({ cost: COST_OF_BUDGETS })
  @FieldResolver(() => [Budget], {
    description:
      'Its budgets, the oldest first. A member sees those that name them or everybody; owners, services and operators see all.',
  })
  budgets(@Root() { snapshot }: ShownAccount, @Ctx() { caller }: RequestContext): Promise<Budget[]> {
    assertAccount(caller, snapshot.state, 'credits:read');
    return readBudgets(this.deps.reader, snapshot, sightOf(caller as Caller, snapshot.state.id));
  }
}

/** How much of a budget is used by whom. */
@Resolver(() => Budget)
export class BudgetUsesResolver {
  constructor(private readonly deps: Pick<SetBudgetDeps, 'reader'>) {}

  @Extensions({ cost: COST_OF_USES })
  @FieldResolver(() => BudgetUseConnection, {
    description:
      'Fullest first; with eachMember, one for each member with a counter in this window, of which a member sees their own. Errors: BAD_USER_INPUT `first` or `after`.',
  })
  async uses(
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'The cursor after which to go on; default: from the start of the list.',
    })
    after: string | null | undefined,
    @Root() budget: ShownBudget,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<BudgetUse>> {
    const { account, state, consumed, held, remaining } = budget;
    const page = readPageRequest(first, after, account.history);
    const from = page.after === null ? FROM_THE_FULLEST : placeOf(page.after);
    const sight = sightOf(caller as Caller, account.state.id);
    if (state.eachMember && sight === 'all') {
      const { start } = windowAt(state.window, account.now, account.state);
      const uses = await readUses(this.deps.reader, account.state.id, { number: state.number, start }, from, first + 1);
      return pageOf(page, uses, (use) => showUse(use, state.limit), cursorOf);
    }
    const member = state.eachMember && sight !== 'all' ? sight.member : state.member;
    return onlyUse(page, { member, consumed, held, remaining });
  }
}

function onlyUse(page: PageRequest, use: BudgetUse): Connection<BudgetUse> {
  return pageOf(
    page,
    page.after === null ? [use] : [],
    (one) => one,
    ({ member, consumed, held }) => cursorOf({ member: member ?? '', consumed, held }),
  );
}

function showUse({ member, consumed, held }: Use, limit: number): BudgetUse {
  const remaining = Math.max(0, limit - consumed - held);
  return { member: member === '' ? null : member, consumed, held, remaining };
}

/** A place in the list: how much was used there, and by whom. */
function cursorOf({ member, consumed, held }: Use): string {
  return `use_${Buffer.from(JSON.stringify([consumed + held, member])).toString('base64url')}`;
}

/** @throws BAD_USER_INPUT `after` */
function placeOf(cursor: string): { readonly used: number; readonly member: string } {
  const [, text] = /^use_([\w-]+)$/.exec(cursor) ?? [];
  if (text === undefined) throw malformedCursor();
  try {
    const [used, member] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (Number.isSafeInteger(used) && typeof member === 'string' && !member.includes('\0'))
      return { used: used as number, member };
  } catch {
    // Not a cursor of ours.
  }
  throw malformedCursor();
}
