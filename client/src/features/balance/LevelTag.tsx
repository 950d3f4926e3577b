import { levelWord, toneOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { State } from '../../ui/State.js';

/** The level as shape and word; nothing while all is well. */
export function LevelTag({ balance }: { balance: BalanceFieldsFragment }) {
  const word = levelWord(balance);
  if (word === null) return null;
  const isOut = toneOf(balance) === 'empty';
  return (
    <State shape={isOut ? 'stop' : 'triangle'} tone={isOut ? 'out' : 'low'}>
      {word}
    </State>
  );
}
