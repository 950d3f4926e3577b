import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { Hourglass } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { Button } from '../../ui/Button.js';
import { formatCredits } from '../../ui/format.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { messages } from '../../words/en/InFlight.po';
import { learn } from '../../words/words.js';
import { HoldRow } from './HoldRow.js';
import type { Hold } from './open-holds.js';
import { useHolds } from './useHolds.js';
import styles from './InFlight.module.css';

learn(messages);

const shownAtFirst = 5;
const height = 180;

/** Work that is under way: what it holds, and when that comes back. */
export default function InFlight() {
  const holds = useHolds();
  return (
    <Section
      id="in-flight-title"
      title={t`In flight`}
      aside={<Sum holds={holds.value ?? []} isWhole={holds.isWhole} />}
    >
      <Part
        what={t`Work in flight`}
        of={holds}
        height={height}
        isEmpty={(open) => open.length === 0}
        empty={
          <Empty icon={<Hourglass size={20} />} title={t`Nothing is on hold`} height={height}>
            {t`Work that is under way stands here with what it holds, until that is used or comes back.`}
          </Empty>
        }
      >
        {(open) => <Rows open={open} />}
      </Part>
    </Section>
  );
}

function Rows({ open }: { open: readonly Hold[] }) {
  const { now } = useAccount();
  const [isAll, setIsAll] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const shown = isAll ? open : open.slice(0, shownAtFirst);
  return (
    <div ref={list} tabIndex={-1} role="group" aria-labelledby="in-flight-title">
      <ul className={styles.list} data-in-flight>
        {shown.map((hold) => (
          <HoldRow key={hold.id} hold={hold} now={now} onGone={() => list.current?.focus({ preventScroll: true })} />
        ))}
      </ul>
      {open.length > shownAtFirst && (
        <Button tone="quiet" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
          {isAll ? t`Show fewer` : t`Show all ${formatCredits(open.length)}`}
        </Button>
      )}
    </div>
  );
}

/** What all of it holds, each kind of credits by itself; of a list that is not whole nothing is summed up. */
function Sum({ holds, isWhole }: { holds: readonly Hold[]; isWhole: boolean }) {
  if (holds.length === 0 || !isWhole) return null;
  const sums = (['STANDARD', 'SCAN'] as const).map((creditType) => {
    const held = holds.reduce((sum, hold) => sum + (hold.creditType === creditType ? hold.held : 0), 0);
    return held === 0 ? null : creditsOfInWords(held, creditType);
  });
  return <span className={styles.sum}>{sums.filter((each) => each !== null).join(' · ')}</span>;
}
