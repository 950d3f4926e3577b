import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { creditsOf, priceOf } from '../../domain/offers.js';
import type { Pack } from '../../domain/offers.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { SettingRow } from '../../ui/SettingRow.js';
import type { Setting } from '../../ui/SettingRow.js';
import type { Rule } from './useTopUp.js';

const oftenMax = 20;

type Props = { rule: Rule; packs: readonly Pack[]; save: (changed: Partial<Rule>) => Promise<string | null> };

/** The rule of auto top-up: when it buys, what, and how often at most. */
export function RuleRows({ rule, packs, save }: Props) {
  const often = Array.from({ length: oftenMax }, (_, index) => index + 1);
  return (
    <div>
      <SettingRow
        label={t`When credits fall to`}
        help={t`What is on hold counts as used.`}
        value={rule.threshold}
        save={(threshold) => save({ threshold })}
      >
        {(setting) => <Amount {...setting} key={setting.value} />}
      </SettingRow>
      <SettingRow label={t`Buy`} value={rule.packId} save={(packId) => save({ packId })}>
        {({ id, describedBy, value, change, isSaving }) => (
          <select
            id={id}
            aria-describedby={describedBy}
            value={value}
            aria-busy={isSaving}
            onChange={(event) => change(event.currentTarget.value)}
          >
            {packs.map((pack) => (
              <option key={pack.id} value={pack.id}>
                {t`${creditsInWords(creditsOf(pack))} for ${priceOf(pack)}`}
              </option>
            ))}
          </select>
        )}
      </SettingRow>
      <SettingRow
        label={t`At most`}
        help={t`In a period; it then waits for the next.`}
        value={rule.purchasesPerPeriodMax}
        save={(purchasesPerPeriodMax) => save({ purchasesPerPeriodMax })}
      >
        {({ id, describedBy, value, change, isSaving }) => (
          <select
            id={id}
            aria-describedby={describedBy}
            value={value}
            aria-busy={isSaving}
            onChange={(event) => change(Number(event.currentTarget.value))}
          >
            {often.map((times) => (
              <option key={times} value={times}>
                {times === 1 ? t`once` : t`${formatCredits(times)} times`}
              </option>
            ))}
          </select>
        )}
      </SettingRow>
    </div>
  );
}

/** A whole number of credits, saved when the field is left or by Enter; what is no such number stays to be put right. */
function Amount({ id, describedBy, value, change, isSaving }: Setting<number>) {
  const [text, setText] = useState(String(value));
  const typed = /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
  const leave = (): void => {
    if (typed !== null) change(typed);
  };
  return (
    <input
      id={id}
      inputMode="numeric"
      size={8}
      value={text}
      aria-describedby={describedBy}
      aria-invalid={typed === null}
      aria-busy={isSaving}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave();
      }}
    />
  );
}
