import type { LevelName, LevelRule } from '../ledger/core/state.js';
import type { BalanceView } from '../ledger/core/state.js';
import { type BalanceNow, judgeRecovery, judgeWarning } from './judge-warning.js';

const HOUR = 3_600_000;
const NOW = 10 * HOUR;

function known(
  available: number,
  fired: Partial<Record<LevelName, number>>,
  told: readonly (readonly [string, number])[] = [],
): BalanceNow {
  const levels = (['EMPTY', 'CRITICAL', 'LOW'] as const).map((level): LevelRule => ({
    level,
    percent: null,
    credits: 0,
    base: 100,
    firedAt: fired[level] ?? null,
  }));
  const last = told.at(-1)?.[0].startsWith('BALANCE_LOW') === true ? 'BALANCE_LOW' : null;
  return { balance: { available } as BalanceView, levels, told: { last, toldAt: new Map(told) }, now: NOW };
}

const send = (level: LevelName, threshold: number) => ({ is: 'send', level, threshold });

test.each<[string, BalanceNow, object]>([
  ['one rule', known(15, { LOW: 20 }), send('LOW', 20)],
  ['at the threshold', known(20, { LOW: 20 }), send('LOW', 20)],
  ['several: the most severe', known(0, { LOW: 20, CRITICAL: 5, EMPTY: 0 }), send('EMPTY', 0)],
  ['above the severe, at the mild', known(6, { LOW: 20, CRITICAL: 5 }), send('LOW', 20)],
  ['all armed: taken back', known(80, {}), { is: 'taken back' }],
  ['above the threshold, not armed: waits', known(21, { LOW: 20 }), { is: 'wait', until: NOW + 600_000 }],
  [
    'told half an hour ago: waits the rest of the hour',
    known(15, { LOW: 20 }, [['BALANCE_LOW LOW', NOW - HOUR / 2]]),
    { is: 'wait', until: NOW + HOUR / 2 },
  ],
  ['told an hour ago', known(15, { LOW: 20 }, [['BALANCE_LOW LOW', NOW - HOUR]]), send('LOW', 20)],
  [
    'another rule was told of just now',
    known(4, { LOW: 20, CRITICAL: 5 }, [['BALANCE_LOW LOW', NOW]]),
    send('CRITICAL', 5),
  ],
])('a warning: %s', (_name, at, judged) => expect(judgeWarning(at)).toEqual(judged));

const LOW = { level: 'LOW', threshold: 20, reservationId: null } as const;
test.each<[string, BalanceNow, object]>([
  ['nobody was warned', known(80, {}), { is: 'taken back' }],
  ['who was warned is told', known(80, {}, [['BALANCE_LOW LOW', NOW - 60_000]]), send('LOW', 20)],
  ['it is low again', known(20, { LOW: 20 }, [['BALANCE_LOW LOW', NOW]]), { is: 'taken back' }],
  [
    'told of a recovery half an hour ago',
    known(80, {}, [
      ['BALANCE_RECOVERED LOW', NOW - HOUR / 2],
      ['BALANCE_LOW LOW', NOW],
    ]),
    { is: 'wait', until: NOW + HOUR / 2 },
  ],
])('a recovery: %s', (_name, at, judged) => expect(judgeRecovery(LOW, at)).toEqual(judged));
