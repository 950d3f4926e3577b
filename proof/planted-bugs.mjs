/**
 * Are the tests worth anything? Plants one bug at a time in a copy of the source and runs the tests that must catch it.
 * A bug that no test notices is a failure. `BUG='a reset'` plants only those whose names hold these words.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../scripts/project.mjs';

const LEDGER = 'server/src/ledger';
/** How long the tests of one file may take, on a busy machine too. */
const RUN_MS_MAX = 600_000;

/**
 * `in`: file of the ledger, or of another folder beside it; `from` stands there exactly once; `by`: tests that must fail, a path from
 * `src` for those of another folder. `always`: in the bounded run too.
 */
const BUGS = [
  {
    name: 'no lock',
    in: 'writer/load-statements.ts',
    from: ' ORDER BY a.account_id FOR NO KEY UPDATE)',
    to: ' ORDER BY a.account_id)',
    by: 'two-writers',
    always: true,
  },
  {
    name: 'inputs of a key are not compared',
    in: 'core/idempotency.ts',
    from: 'if (kept.input === inputText(keyed)) return [];',
    to: 'if (keyed) return [];',
    by: 'scenarios',
    always: true,
  },
  {
    name: 'told and answered before the commit',
    in: 'writer/run-batch.ts',
    from: 'await writeAndCommit(client, statement, told.length > 0);',
    to: 'void writeAndCommit(client, statement, told.length > 0);',
    by: 'told',
    always: true,
  },
  {
    name: 'what is due is not closed',
    in: 'writer/decide-batch.ts',
    from: 'if (until < account.head.dueAt) return null;',
    to: 'if (until < Infinity) return null;',
    by: 'scenarios',
    always: true,
  },
  {
    name: 'bought credits burn first',
    in: 'core/burn-order.ts',
    from: 'a.priority - b.priority ||',
    to: 'b.priority - a.priority ||',
    by: 'scenarios',
    always: true,
  },
  {
    name: 'a remembered account is believed whatever its version',
    in: 'writer/load-batch.ts',
    from: 'account.head.version !== version',
    to: 'account.head.version < 0',
    by: 'many-ends',
    always: true,
  },
  {
    name: 'a grant that gets credits back has no end',
    in: 'core/first-end.ts',
    from: 'if (grant.available > 0 && grant.expiresAt !== null)',
    to: 'if (grant.available === grant.granted && grant.expiresAt !== null)',
    by: 'scenarios',
  },
  {
    name: 'refusals are not kept',
    in: 'core/decision.ts',
    from: "outcome: { kind: 'refused', refusal, replayed: false }, keeps: true",
    to: "outcome: { kind: 'refused', refusal, replayed: false }, keeps: false",
    by: 'scenarios',
  },
  {
    name: 'a hold ends a millisecond late',
    in: 'core/advance.ts',
    from: "yield { kind: 'hold', at: reservation.expiresAt, reservation }",
    to: "yield { kind: 'hold', at: reservation.expiresAt + 1, reservation }",
    by: 'scenarios',
  },
  {
    name: 'what returns to an ended grant is free again',
    in: 'core/release-held.ts',
    from: 'if (draw.expiresAt !== null && draw.expiresAt <= now)',
    to: 'if (draw.expiresAt !== null && draw.expiresAt < 0)',
    by: 'scenarios',
  },
  {
    name: 'late commits for two days',
    in: 'core/late-commit.ts',
    from: '24 * 3_600_000',
    to: '48 * 3_600_000',
    by: 'scenarios',
  },
  {
    name: 'a lost answer is taken for a failure',
    in: 'writer/lane.ts',
    from: 'const lost = this.connection.isLost(client, error);',
    to: 'const lost = false;',
    by: 'faults',
  },
  {
    name: 'a repeat is fresh once its connection broke',
    in: 'writer/lane.ts',
    from: 'if (sent.has(waiting.command)) waiting.mayBeKept = true;',
    to: 'waiting.mayBeKept = true;',
    by: 'lane',
  },
  {
    name: 'a key means the same whatever is asked with it',
    in: 'core/kept-decisions.ts',
    from: ' && place.scope === scope',
    to: '',
    by: 'lane',
  },
  {
    name: 'a hint that another writer moved is not seen',
    in: 'writer/write-batch.ts',
    from: 'writtenDueAt !== head.dueAt',
    to: 'before?.dueAt !== head.dueAt',
    by: 'lane',
  },
  {
    name: 'one bad command fails its batch',
    in: 'writer/lane.ts',
    from: 'if (batch.length === 1 && only) {',
    to: 'for (const other of batch.slice(1)) other.reject(new Error(String(error)));\n    if (only) {',
    by: 'faults',
  },
  {
    name: 'an event is not written',
    in: 'writer/write-batch.ts',
    from: 'events.push(...group.events);',
    to: 'events.push(...group.events.slice(1));',
    by: 'scenarios',
  },
  {
    name: 'usage is not written',
    in: 'writer/write-batch.ts',
    from: 'addUsage(group.usage, usage);',
    to: 'addUsage(group.usage.slice(1), usage);',
    by: 'scenarios',
  },
  {
    name: 'events take their place without waiting',
    in: 'writer/load-statements.ts',
    from: 'SELECT pg_advisory_xact_lock(4711, 1)',
    to: 'SELECT 4711',
    by: 'told',
  },
  {
    name: 'no more than a thousand holds ever end',
    in: 'writer/decide-batch.ts',
    from: 'if (horizon && until >= horizon.expiresAt) return this.stopAt(account, horizon.expiresAt);',
    to: '',
    by: 'many-ends',
  },
  {
    name: 'the hold after the next one is forgotten',
    in: 'writer/decide-batch.ts',
    from: '...(this.loadedEnds.get(account.head.id) ?? [])',
    to: '',
    by: 'many-ends',
  },
  {
    name: 'a reset does not take the base anew',
    in: '../alerts/cross-levels.ts',
    from: 'const base = cause.start ? total : Math.max(rule.base, total);',
    to: 'const base = Math.max(rule.base, total);',
    by: 'scenarios',
    always: true,
  },
  {
    name: 'a base never rises',
    in: '../alerts/cross-levels.ts',
    from: 'Math.max(rule.base, total)',
    to: 'rule.base',
    by: 'scenarios',
  },
  {
    name: 'rules re-arm by an old base',
    in: '../alerts/cross-levels.ts',
    from: 'Math.max(cheapest, percentOf(base, MARGIN_PERCENT))',
    to: 'Math.max(cheapest, percentOf(rule.base, MARGIN_PERCENT))',
    by: 'scenarios',
  },
  {
    name: 'at a reset the margin keeps rules fired',
    in: '../alerts/cross-levels.ts',
    from: 'isStart ? after > (thresholdAt(rule, base) ?? 0)',
    to: 'isStart ? after >= rearmsAtBase(rule, base, cheapest)',
    by: 'scenarios',
  },
  {
    name: 'a recovery says the threshold of now',
    in: '../alerts/cross-levels.ts',
    from: 'threshold: rule.firedAt }',
    to: 'threshold: thresholdAt(rule, base) ?? 0 }',
    by: 'scenarios',
  },
  {
    name: 'what ends at one instant closes in the order of the cache',
    in: 'core/advance.ts',
    from: "if (a.kind === 'hold' && b.kind === 'hold') return compareAge(a.reservation, b.reservation) < 0;",
    to: "if (a.kind === 'hold' && b.kind === 'hold') return false;",
    by: 'many-ends',
    always: true,
  },
  {
    name: 'holds of one instant are loaded in any order',
    in: 'writer/load-statements.ts',
    from: 'ORDER BY d.expires_at, d.created_at, d.reservation_id LIMIT',
    to: 'ORDER BY d.expires_at, d.created_at DESC, d.reservation_id DESC LIMIT',
    by: 'many-ends',
  },
  {
    name: 'credits that end before their holds are counted as freed',
    in: 'core/enough-after-holds.ts',
    from: '(until > at ? sum + credits : sum)',
    to: '(until > 0 ? sum + credits : sum)',
    by: 'scenarios',
  },
  {
    name: 'among grants that end together the bought one is spent first',
    in: 'core/burn-order.ts',
    from: 'compareBurnOrder(grantOf(a.grantId), grantOf(b.grantId))',
    to: 'compareBurnOrder(grantOf(b.grantId), grantOf(a.grantId))',
    by: 'scenarios',
  },
  {
    name: 'an emptied ledger_account is right',
    in: 'books/verify-database.ts',
    from: '...(await goneAccounts(client)),',
    to: '',
    by: 'verify',
  },
  {
    name: 'a refusal is kept without its digest',
    in: 'writer/write-batch.ts',
    from: 'else if (before === head && keptDigest === 0) continue;',
    to: 'else if (before === head) continue;',
    by: 'verify',
  },
  {
    name: 'high-water forgotten',
    in: 'core/plan-change.ts',
    from: 'Math.max(0, monthlyCredits - head.credits.STANDARD.allowance)',
    to: 'monthlyCredits',
    by: 'plan-change',
    always: true,
  },
  {
    name: 'a payment for a plan that is told again goes back',
    in: 'core/commands/settle-plan.ts',
    from: 'if (payment.paymentId === fact.paymentId) return unchanged(payment);',
    to: '',
    by: 'plan-payments',
  },
  {
    name: 'the next plan never takes over',
    in: 'core/advance.ts',
    from: 'const plan = head.nextPlan ?? head.plan;',
    to: 'const plan = head.plan;',
    by: 'plans',
  },
  {
    name: 'what holds give back of a revoked grant is free again',
    in: 'core/release-held.ts',
    from: 'if (draft.grant(draw.grantId).recalled)',
    to: 'if (draw.held < 0)',
    by: 'scenarios',
  },
  {
    name: 'bought credits are granted outside the transaction that says they are paid',
    in: '../billing/fulfil.ts',
    from: "const outcome = await deps.ledger.submit({ type: 'settle-purchase',",
    to: `await deps.ledger.submit({
    type: 'grant',
    accountId,
    actor: BILLING,
    keyed: { key: deps.nextId(), scope: 'bug|server', input: {} },
    grantId: deps.nextId(),
    credits: 220,
    creditType: 'STANDARD',
    source: 'PROMOTION',
    expiresAt: null,
    reason: 'bug',
  });
  const outcome = await deps.ledger.submit({
    type: 'settle-purchase',`,
    by: 'billing/fulfil',
    always: true,
  },
  {
    name: 'a refund by percentage of what is left',
    in: 'core/refundable.ts',
    from: 'const credits = problem === null ? Math.min(uncovered, most) : 0;',
    to: `const share = (purchase.credits * Math.min(free, most)) / (purchase.credits + purchase.bonusCredits);
  const credits = problem === null ? Math.floor(share) : 0;`,
    by: 'histories',
    always: true,
  },
  {
    name: 'a top-up while another is in flight',
    in: 'core/top-up.ts',
    from: 'if (offBecause !== null || pendingId !== null) return false;',
    to: 'if (offBecause !== null) return false;',
    by: 'top-ups',
    always: true,
  },
  {
    name: 'a payment after the purchase was given up brings nothing',
    in: 'core/commands/settle-purchase.ts',
    from: 'if (purchase.paymentId !== null || !isAsPriced',
    to: 'if (purchase.paymentId !== null || !isOpenPurchase(purchase) || !isAsPriced',
    by: 'histories',
  },
  {
    name: 'a payment that is told again goes back',
    in: 'core/commands/settle-purchase.ts',
    from: "if (purchase.paymentId === fact.paymentId) return answer({ kind: 'settled', purchase, refund: null });",
    to: '',
    by: 'histories',
  },
  {
    name: 'each refund is rounded by itself',
    in: 'core/refundable.ts',
    from: 'moneyBackFor(purchase, purchase.refundedCredits + credits) - purchase.refundedMinor',
    to: 'moneyBackFor(purchase, credits)',
    by: 'refundable',
  },
  {
    name: 'a refund takes what late work may claim',
    in: 'core/refundable.ts',
    from: 'const most = Math.max(0, available - claims.credits);',
    to: 'const most = available;',
    by: 'refunds',
  },
  {
    name: 'after a won dispute holds give nothing back',
    in: 'core/commands/dispute-purchase.ts',
    from: 'draft.mark(id, { recalled: false })',
    to: 'draft.mark(id, { recalled: true })',
    by: 'histories',
  },
  {
    name: 'the bonus of a purchase can be spent on FREE',
    in: 'core/burn-order.ts',
    from: "if (grant.purchaseId === null) return 'promotional';",
    to: "if (grant.purchaseId !== '') return 'promotional';",
    by: 'histories',
  },
  {
    name: 'a declined top-up counts in its period',
    in: 'core/top-up.ts',
    from: 'purchases: purchases - counted,',
    to: 'purchases,',
    by: 'top-up',
  },
  {
    name: 'an hour far above the usual is told again and again',
    in: 'core/judge-spending.ts',
    from: 'return mayTellAgain(toldAt, group.at) ? ',
    to: 'return mayTellAgain(null, group.at + (toldAt ?? 0)) ? ',
    by: 'spending',
  },
  {
    name: 'a courtesy is never counted',
    in: 'core/assess-work.ts',
    from: 'courtesyUsed: used + 1',
    to: 'courtesyUsed: used',
    by: 'scenarios',
  },
];

export async function prove({ bounded, check, say }) {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-bugs-'));
  try {
    for (const name of [
      'server/src',
      'server/package.json',
      'client/jest-words.mjs',
      'client/src/words',
      'shared/src',
      'scripts',
      'jest.config.mjs',
      'package.json',
    ])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const named = process.env.BUG ?? '';
    const wanted = BUGS.filter(({ name, always }) => (named === '' ? always || !bounded : name.includes(named)));
    check('each bug of the list, also of those that are not planted now, has its place', findPlaceless(copy));
    for (const by of new Set(wanted.map((bug) => bug.by))) {
      const { code, said } = await runTests(copy, by);
      check(`without a bug the tests of ${by} pass`, code === 0 ? '' : said.slice(-2_000));
    }
    const width = Math.max(...wanted.map(({ name }) => name.length));
    for (const bug of wanted) {
      const file = join(copy, LEDGER, bug.in);
      const source = readFileSync(file, 'utf8');
      const planted = source.replace(placeOf(bug.from), () => bug.to);
      writeFileSync(file, planted);
      const { code, said } = await runTests(copy, bug.by);
      writeFileSync(file, source);
      const caught = /^\s+● (.*)$/m.exec(said)?.[1] ?? '';
      check(
        `${bug.name.padEnd(width)}  caught by ${bug.by}: ${caught}`,
        code === 0 ? 'nobody noticed' : caught === '' ? said.slice(-1_000) : '',
      );
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  say('');
}

/** @returns the bugs whose line does not stand exactly once in its file */
function findPlaceless(copy) {
  return BUGS.flatMap((bug) => {
    const times = readFileSync(join(copy, LEDGER, bug.in), 'utf8').match(placeOf(bug.from))?.length ?? 0;
    return times === 1 ? [] : [`${bug.name}: "${bug.from}" stands ${times} times in ${bug.in}`];
  }).join('\n        ');
}

/** Formatting may break a line anywhere: a blank stands for any run of them. */
function placeOf(from) {
  return new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, '\\s+'), 'g');
}

function runTests(copy, name) {
  const pattern = name.includes('/')
    ? `server/src/${name}(\\.long)?\\.test`
    : `server/src/ledger/(\\w+/)?${name}(\\.long)?\\.test`;
  const jest = join(copy, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      jest,
      '--selectProjects',
      'server',
      'long',
      '--testPathPatterns',
      pattern,
      '--bail',
      '--runInBand',
    ],
    {
      cwd: copy,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  // A bug may make a test wait for ever, which jest notices; this is for the rest.
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, said });
    }),
  );
}
