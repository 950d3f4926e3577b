import { parseInstant } from '../../db/ledger-types.js';
import { noRows } from '../core/owned-rows.js';
import type { LoadedAccount } from '../core/state.js';
import type { Row } from '../wire/flight.js';
import { ACCOUNT, toAccount } from './account-rows.js';
import { type Answer, readAnswer } from './answer.js';

/** What the lock answers: lists with an account at each place, null when there is none. */
export const LOCKED = { ids: 'text?', versions: 'text?', dues: 'text?', clocks: 'text?' } as const satisfies Answer;

/** What the lock answers, account by account. */
export function* readLocked(rows: readonly Row[]): Generator<{
  readonly id: string;
  readonly version: number;
  readonly dueAt: number;
  readonly clockAt: number | null;
}> {
  const [row] = readAnswer('ledger_lock', LOCKED, rows);
  const listOf = (name: keyof typeof LOCKED): readonly string[] => row?.[name]?.split(',') ?? [];
  const versions = listOf('versions');
  const dues = listOf('dues');
  const clocks = listOf('clocks');
  for (const [index, id] of listOf('ids').entries()) {
    const clock = clocks[index] as string;
    yield {
      id,
      version: Number(versions[index]),
      dueAt: parseInstant(dues[index] as string),
      clockAt: clock === '' ? null : parseInstant(clock),
    };
  }
}

/** Accounts from their rows, without grants and holds yet. */
export function addHeads(accounts: Map<string, LoadedAccount>, rows: readonly Row[]): void {
  for (const row of ACCOUNT.read(rows)) {
    const head = toAccount(row);
    accounts.set(head.id, {
      head,
      ...noRows(),
      allHolds: false,
      creditHolds: false,
      before: head,
      writtenDueAt: head.dueAt,
      keptDigest: 0,
      projects: null,
      purchasesLoaded: null,
      talliesOf: null,
      commits: null,
      closed: 'none',
      card: null,
    });
  }
}
