import { t } from '@lingui/core/macro';
import { useId } from 'react';
import { creditsOfInWords } from '../../domain/balance.js';
import { creditsOf, priceOf, pricePerCredit } from '../../domain/offers.js';
import type { Pack } from '../../domain/offers.js';
import { formatCredits } from '../../ui/format.js';
import { lifeOf } from './pack-words.js';
import styles from './Buying.module.css';

type Props = { packs: readonly Pack[]; chosen: Pack; onChoose: (id: string) => void };

/** One of the packs: what one gets, what it costs, and what each credit comes to. */
export function Packs({ packs, chosen, onChoose }: Props) {
  const name = useId();
  return (
    <fieldset className={styles.packs}>
      <legend className="visually-hidden">{t`Pack`}</legend>
      {packs.map((pack) => (
        <label key={pack.id} className={styles.pack}>
          <input type="radio" name={name} checked={pack.id === chosen.id} onChange={() => onChoose(pack.id)} />
          <span className={styles.what}>
            <b>{creditsOfInWords(creditsOf(pack), pack.creditType)}</b>{' '}
            {pack.bonusCredits > 0 && <small>{t`${formatCredits(pack.bonusCredits)} of them free`}</small>}
          </span>{' '}
          <span className={styles.price}>
            <b>{priceOf(pack)}</b> <small>{t`${pricePerCredit(pack) ?? ''} each`}</small>
          </span>
        </label>
      ))}
      <p className={styles.fine}>{lifeOf(chosen)}</p>
    </fieldset>
  );
}
