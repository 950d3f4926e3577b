import { t } from '@lingui/core/macro';
import { AudioLines, Clapperboard, Image, Sparkles } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { OperationFieldsFragment, OperationType } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { sizeName } from './offer.js';
import type { Offer } from './offer.js';
import styles from './Picker.module.css';

const shapes: Partial<Record<OperationType, LucideIcon>> = { IMAGE: Image, AUDIO: AudioLines, VIDEO: Clapperboard };

export function TypeIcon({ type, size = 20 }: { type: OperationType; size?: number }) {
  const Shape = shapes[type] ?? Sparkles;
  return <Shape size={size} aria-hidden="true" />;
}

type Props = {
  offers: readonly Offer[];
  chosen: OperationFieldsFragment;
  onChoose: (operation: OperationFieldsFragment) => void;
};

/** What to make and how large: two rows of native radio buttons, so the arrow keys work as everywhere. */
export function Picker({ offers, chosen, onChoose }: Props) {
  const offer = offers.find((each) => each.type === chosen.type);
  const chooseType = (next: Offer): void => {
    const same = next.sizes.find((each) => each.size === chosen.size) ?? next.sizes[0];
    if (same !== undefined) onChoose(same);
  };
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{t`Kind`}</legend>
        <div className={styles.types}>
          {offers.map((each) => (
            <label key={each.type} className={styles.choice}>
              <input
                type="radio"
                name="type"
                value={each.type}
                checked={each.type === chosen.type}
                onChange={() => chooseType(each)}
              />
              <TypeIcon type={each.type} />
              <b>{each.name}</b>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t`Size`}</legend>
        <div className={styles.sizes}>
          {offer?.sizes.map((each) => (
            <label key={each.code} className={styles.choice}>
              <input
                type="radio"
                name="size"
                value={each.code}
                checked={each.code === chosen.code}
                onChange={() => onChoose(each)}
              />
              <span className={styles.size}>
                <b>{sizeName(each.size)}</b>
                <span className={styles.cost}>{creditsInWords(each.credits)}</span>
              </span>
              {each.description !== '' && <span className={styles.name}>{each.description}</span>}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
