import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useAccount } from '../../domain/account.js';
import { WhoMay } from '../../domain/WhoMay.js';
import type { CreditType } from '../../gql/warnings.js';
import { Section } from '../../ui/Section.js';
import { Segment } from '../../ui/Segment.js';
import { Way } from '../../ui/Way.js';
import { LevelForm } from './LevelForm.js';
import { LevelList } from './LevelList.js';
import type { Rule } from './levels.js';
import styles from './Levels.module.css';

type Props = { rules: readonly Rule[]; mayChange: boolean; again: () => Promise<unknown> };

/** From how few credits on one is warned. */
export function Levels({ rules, mayChange, again }: Props) {
  const { plan, scan } = useAccount();
  const [creditType, choose] = useState<CreditType>('STANDARD');
  const hasScans = plan?.deepScans === true || (scan?.available ?? 0) > 0;
  const shown = rules.filter((rule) => rule.creditType === creditType);
  const names = new Map<CreditType, string>([
    ['STANDARD', t`Credits`],
    ['SCAN', t`Scan credits`],
  ]);
  return (
    <Section
      id="levels-title"
      title={t`When credits run low`}
      aside={hasScans && <Segment label={t`Of which credits`} names={names} value={creditType} onChoose={choose} />}
    >
      <p className={styles.why}>
        <span>{t`Each level warns once. It warns again only after enough were there in between, so that one credit more or less does not ring twice.`}</span>{' '}
        <Way to="/help?question=warned">{t`More about warnings`}</Way>
      </p>
      {mayChange ? (
        <LevelForm key={creditType} creditType={creditType} rules={shown} again={again} />
      ) : (
        <>
          <LevelList rules={shown} />
          <p className={styles.who}>
            <WhoMay />
          </p>
        </>
      )}
    </Section>
  );
}
