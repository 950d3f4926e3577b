import { v7 } from 'uuid';
import { findPriceList, priceListAt, type CreditType, type PlanCode } from '../catalog/catalog.js';
import type { Actor, Keyed } from '../ledger/core/command.js';
import type { Command } from '../ledger/core/commands.js';
import type { GrantSource } from '../ledger/core/state.js';
import { SERVICE } from './test-ledger.js';
import type { ScenarioAccount } from './test-scenario-account.js';
import { CREDIT_TYPES, duration, instant, operations, Words } from './test-scenario-words.js';

const OUTCOMES = ['SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED'] as const;

/** A line while it is read: its words that are left, who says it, and the key that it gives. */
interface Line {
  readonly words: Words;
  readonly actor: Actor;
  readonly key: string | null;
}

/** The command that a line says, up to its arrow. What it names is remembered by the account. */
export async function commandOf(scene: ScenarioAccount, text: string): Promise<Command> {
  const words = new Words(text);
  const type = words.next('command');
  const by = words.option('by');
  const actor: Actor = by === null ? SERVICE : { name: `user:${by}`, member: by, closesAny: false };
  const command = await build(scene, type, { words, actor, key: words.option('key') });
  words.finish();
  return command;
}

function keyed({ actor }: Line, scope: string, key: string, input: Record<string, unknown>): Keyed {
  return { key, scope: `${scope}|${actor === SERVICE ? 'server' : actor.name}`, input };
}

async function build(scene: ScenarioAccount, type: string, line: Line): Promise<Command> {
  const { words, actor, key } = line;
  if (type === 'open') return openAccount(scene, line);
  const { accountId } = scene;
  if (type === 'read') return { type: 'advance', accountId, actor };
  const { account, now } = await scene.head();
  const at = (word: string): number => instant(word, { now, boundary: account.period.end });
  if (type === 'clock') return { type, accountId, actor, to: at(words.next('instant')) };
  if (type === 'quote') {
    giveQuote(scene, words, now, at);
    return { type: 'advance', accountId, actor };
  }
  const name = words.next('name');
  if (type === 'plan') {
    const plan = name as PlanCode;
    const provider = null;
    const payment = words.flag('pays') === null ? null : { id: v7(), provider, returnUrl: null };
    return {
      type: 'change-plan',
      accountId,
      actor,
      keyed: keyed(line, 'change-plan', key ?? v7(), { plan }),
      plan,
      payment,
    };
  }
  if (type === 'revoke') {
    const grantId = name === 'allowance' ? await scene.newestOfPlan() : scene.id(name);
    const input = { grantId, reason: 'scenario' };
    return { type, accountId, actor, keyed: keyed(line, type, key ?? v7(), input), ...input };
  }
  if (type === 'reserve' || type === 'spend') return reserve(scene, line, type, name);
  const reservationId = scene.id(name);
  switch (type) {
    case 'add': {
      const quote = words.option('quote');
      const lines = quote === null ? operations(words.next('operations')) : [];
      return {
        type,
        accountId,
        actor,
        keyed: keyed(line, 'add', key ?? v7(), { reservationId, quoteToken: quote, operations: lines }),
        reservationId,
        quote: quote === null ? null : { payload: scene.quotes.get(quote) ?? null },
        operations: lines,
      };
    }
    case 'commit': {
      const done = words.option('done');
      const outcome = (words.flag(...OUTCOMES) ?? 'SUCCEEDED') as (typeof OUTCOMES)[number];
      const rest = {
        amount: words.number(),
        operations: done === null ? null : operations(done),
        final: words.flag('part') === null,
        outcome,
        policy: (words.flag('IF_AVAILABLE') ?? 'REJECT') as 'REJECT' | 'IF_AVAILABLE',
      };
      return {
        type,
        accountId,
        actor,
        keyed: keyed(line, 'commit', key ?? v7(), { reservationId, ...rest }),
        reservationId,
        ...rest,
      };
    }
    case 'release':
      return { type, accountId, actor, keyed: keyed(line, 'release', key ?? v7(), { reservationId }), reservationId };
    case 'extend': {
      const ttlSeconds = duration(words.option('ttl') ?? '15m') / 1000;
      return {
        type,
        accountId,
        actor,
        keyed: keyed(line, 'extend', key ?? v7(), { reservationId, ttlSeconds }),
        reservationId,
        ttlSeconds,
      };
    }
    case 'grant': {
      const expires = words.option('expires');
      const source = (words.option('source') ?? 'PROMOTION') as GrantSource;
      const input = {
        credits: words.number() ?? 0,
        creditType: (words.flag(...CREDIT_TYPES) ?? 'STANDARD') as CreditType,
        source,
        expiresAt: expires === null ? null : at(expires),
        reason: 'scenario',
      };
      return {
        type,
        accountId,
        actor,
        keyed: keyed(line, 'grant', key ?? name, input),
        grantId: reservationId,
        ...input,
      };
    }
    default:
      throw new Error(`there is no command ${type}`);
  }
}

function openAccount(scene: ScenarioAccount, { words, actor }: Line): Command {
  scene.accountId = v7();
  const at = words.option('at');
  const anchor = words.option('anchor');
  return {
    type: 'create',
    accountId: scene.accountId,
    actor,
    externalId: null,
    name: 'Scenario',
    timeZone: words.option('zone') ?? 'UTC',
    billingAnchor: anchor === null ? null : Date.parse(anchor),
    sandbox: true,
    now: Date.parse(at ?? '2026-01-01T00:00:00Z'),
    plan: words.next('plan') as PlanCode,
  };
}

function giveQuote(scene: ScenarioAccount, words: Words, now: number, at: (word: string) => number): void {
  const name = words.next('name');
  const expires = words.option('expires');
  const version = words.option('list');
  const { catalog } = scene.books;
  const list = (version === null ? null : findPriceList(catalog, Number(version))) ?? priceListAt(catalog, now, true);
  const lines = operations(words.next('operations')).map(({ operation, quantity }): [string, number, number] => [
    operation,
    quantity,
    list.operations.get(operation)?.credits ?? 0,
  ]);
  const creditType = list.operations.get(lines[0]?.[0] ?? '')?.creditType ?? 'STANDARD';
  const total = words.flag('courtesy') ? 0 : lines.reduce((sum, [, quantity, credits]) => sum + quantity * credits, 0);
  scene.quotes.set(name, {
    accountId: words.flag('foreign') ? v7() : scene.accountId,
    priceListVersion: list.version,
    creditType,
    lines,
    total,
    expiresAt: expires === null ? now + 600_000 : at(expires),
  });
}

function reserve(scene: ScenarioAccount, line: Line, type: 'reserve' | 'spend', name: string): Command {
  const { words, actor, key } = line;
  const quote = words.option('quote');
  const ttlSeconds = duration(words.option('ttl') ?? '15m') / 1000;
  const [project, member, reference] = [words.option('project'), words.option('member'), words.option('reference')];
  const lines = quote === null ? operations(words.next('operations')) : [];
  // Said again, it is another request with the same key: it would open another id, if it opened one.
  const isAgain = scene.has(name);
  return {
    type: 'reserve',
    accountId: scene.accountId,
    actor,
    keyed: keyed(line, type, key ?? name, {
      quoteToken: quote,
      operations: lines,
      ttlSeconds,
      project,
      member,
      reference,
    }),
    reservationId: isAgain ? v7() : scene.id(name),
    quote: quote === null ? null : { payload: scene.quotes.get(quote) ?? null },
    operations: lines,
    ttlSeconds,
    project,
    member,
    reference,
    spend: type === 'spend',
  };
}
