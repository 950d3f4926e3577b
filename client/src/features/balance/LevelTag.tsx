import { t } from '@lingui/core/macro';
import { levelWord, toneOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { State } from '../../ui/State.js';

/** The level as shape and word, in the chip as a short one; nothing while all is well. */
export function LevelTag({ balance, isShort = false }: { balance: BalanceFieldsFragment; isShort?: boolean }) {
  const isOut = toneOf(balance) === 'empty';
  const word = isOut && isShort ? t`Out` : levelWord(balance);
  if (word === null) return null;
  return (
    <State shape={isOut ? 'stop' : 'triangle'} tone={isOut ? 'out' : 'low'}>
      {word}
    </State>
  );
}
