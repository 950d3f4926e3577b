import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Actor, Keyed } from '../ledger/core/command.js';
import type { ClockCommand } from '../ledger/core/commands/clock.js';
import type { Command } from '../ledger/core/commands.js';
import type { CommitCommand } from '../ledger/core/commands/commit.js';
import type { GrantCommand } from '../ledger/core/commands/grant.js';
import type { ReleaseCommand } from '../ledger/core/commands/release.js';
import type { ReserveCommand } from '../ledger/core/commands/reserve.js';
import type { DemoCharacter } from './character.js';
import { instantOf, type ScheduledMonth, type ScheduledWork, scheduleOpenBatch } from './schedule-month.js';

/** The studio's server, on behalf of its members. */
const STUDIO: Actor = { name: 'service:demo-service', member: 'demo-service', closesAny: true };
const OPERATOR: Actor = { name: 'operator:demo-operator', member: 'demo-operator', closesAny: true };

const HOLD_SECONDS = 900;
const OPEN_BATCH_SECONDS = 86_400;

type Moving = ReserveCommand | CommitCommand | ReleaseCommand | GrantCommand;

interface Step {
  readonly at: number;
  readonly command: Moving;
}

/**
 * A scheduled month as the ledger is told it: each thing at its instant, the account's clock moved there before it.
 *
 * Keys and ids follow from the account and the place in the month, so that telling it again, from the beginning, changes
 * nothing that was written before: a seeding that was cut off is completed by seeding again.
 */
export function listMonthCommands(character: DemoCharacter, accountId: string, month: ScheduledMonth): Command[] {
  const steps = [
    ...month.works.map((work, index) => worked(accountId, work, `work-${index}`)),
    gifts(character, accountId, month),
    openBatch(character, accountId, month),
  ].flat();
  steps.sort((a, b) => a.at - b.at);
  const commands: Command[] = [];
  let clock = month.frame.start;
  const moveTo = (at: number): void => {
    if (at > clock) commands.push({ type: 'clock', accountId, actor: OPERATOR, to: at } satisfies ClockCommand);
    clock = at;
  };
  for (const { at, command } of steps) {
    moveTo(at);
    commands.push(command);
  }
  moveTo(month.frame.end);
  return commands;
}

function keyed(mutation: string, name: string, input: Keyed['input']): Keyed {
  return { key: `demo-month.${name}.${mutation}`, scope: `${mutation}|server`, input };
}

/** An id that is the same whenever it is made, unlike those of `nextUuid`, and sorts by the instant like any other. */
function idOf(accountId: string, name: string, at: number): string {
  const random = createHash('sha256').update(`${accountId} ${name}`).digest().subarray(0, 16);
  return v7({ msecs: at, random });
}

function worked(accountId: string, scheduled: ScheduledWork, name: string): Step[] {
  const { at, work, durationMs } = scheduled;
  const spends = /^(regeneration|content|media|standard)/.test(work.operation);
  const reserve = reserved(accountId, name, scheduled, spends);
  if (spends || work.ending === 'EXPIRED') return [{ at, command: reserve }];
  const end =
    work.ending === 'RELEASED' ? release(reserve, name) : commit(reserve, name, work.ending, work.finished, true);
  return [
    { at, command: reserve },
    { at: at + durationMs, command: end },
  ];
}

function reserved(
  accountId: string,
  name: string,
  { at, work, member, project, reference }: ScheduledWork,
  spend: boolean,
): ReserveCommand {
  const operations = [{ operation: work.operation, quantity: work.quantity }];
  return {
    type: 'reserve',
    accountId,
    actor: STUDIO,
    keyed: keyed(spend ? 'spend' : 'reserve', name, { operations, project, member, reference }),
    reservationId: idOf(accountId, name, at),
    quote: null,
    operations,
    ttlSeconds: HOLD_SECONDS,
    project,
    member,
    reference,
    spend,
  };
}

function commit(
  reserve: ReserveCommand,
  name: string,
  outcome: CommitCommand['outcome'],
  finished: number | null,
  final: boolean,
): CommitCommand {
  const { accountId, reservationId } = reserve;
  const operations =
    finished === null ? null : reserve.operations.map(({ operation }) => ({ operation, quantity: finished }));
  return {
    type: 'commit',
    accountId,
    actor: STUDIO,
    keyed: keyed('commit', name, { reservationId, operations, outcome, final }),
    reservationId,
    amount: null,
    operations,
    final,
    outcome,
    policy: 'REJECT',
  };
}

function release({ accountId, reservationId }: ReserveCommand, name: string): ReleaseCommand {
  return { type: 'release', accountId, actor: STUDIO, keyed: keyed('release', name, { reservationId }), reservationId };
}

function gifts({ gifts: given }: DemoCharacter, accountId: string, { frame }: ScheduledMonth): Step[] {
  return given.map((gift, index) => {
    const at = instantOf(frame, gift.at);
    const { credits, creditType, source, reason } = gift;
    const expiresAt = gift.expiresAt === null ? null : instantOf(frame, gift.expiresAt);
    return {
      at,
      command: {
        type: 'grant',
        accountId,
        actor: OPERATOR,
        keyed: keyed('grant', `gift-${index}`, { credits, creditType, source, expiresAt, reason }),
        grantId: idOf(accountId, `gift-${index}`, at),
        credits,
        creditType,
        source,
        expiresAt,
        reason,
      },
    };
  });
}

function openBatch(
  { openBatch: batch, members, projects }: DemoCharacter,
  accountId: string,
  { frame }: ScheduledMonth,
): Step[] {
  if (batch === null) return [];
  const { at, finishedAt } = scheduleOpenBatch(frame, batch);
  const work = {
    operation: batch.operation,
    times: 1,
    quantity: batch.quantity,
    finished: batch.finished,
    ending: 'SUCCEEDED',
    daily: false,
  } as const;
  const scheduled = {
    at,
    work,
    member: members[0] as string,
    project: projects.at(-1) ?? null,
    reference: 'batch-0001',
    durationMs: 0,
  };
  const reserve = { ...reserved(accountId, 'open-batch', scheduled, false), ttlSeconds: OPEN_BATCH_SECONDS };
  return [
    { at, command: reserve },
    { at: finishedAt, command: commit(reserve, 'open-batch', 'SUCCEEDED', batch.finished, false) },
  ];
}
