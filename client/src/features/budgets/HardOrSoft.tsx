import { t } from '@lingui/core/macro';
import { Options } from '../../ui/Field.js';

/** What happens to work beyond the limit. */
export function HardOrSoft({ isHard, onChoose }: { isHard: boolean; onChoose: (isHard: boolean) => void }) {
  return (
    <Options
      legend={t`At its limit`}
      value={isHard ? 'hard' : 'soft'}
      options={[
        { value: 'hard', label: t`Refuse`, help: t`Work that does not fit does not start, and is not charged.` },
        { value: 'soft', label: t`Only warn`, help: t`Work goes on; there is a message at 80 % and at the limit.` },
      ]}
      onChoose={(chosen) => onChoose(chosen === 'hard')}
    />
  );
}
