import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useAccount } from '../../domain/account.js';
import { usePriceList } from '../../domain/price-list.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { messages } from '../../words/en/ProductionRoom.po';
import { learn } from '../../words/words.js';
import { Picker } from './Picker.js';
import { QuoteCard } from './QuoteCard.js';
import { RecentGenerations } from './RecentGenerations.js';
import { StudioSkeleton } from './RoomSkeleton.js';
import { Uploads } from './Uploads.js';
import { WorkCard } from './WorkCard.js';
import { useWork } from './GenerationProvider.js';
import { offersOf } from './offer.js';
import { declareSearch } from '../../ui/search.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { useAskedAgain } from './useAskedAgain.js';
import styles from './ProductionRoom.module.css';

learn(messages);

/** What was picked stands in the address: it is still picked after a way to the checkout and back. */
const draft = declareSearch({ make: { read: (text: string) => text, write: String } }, { make: '' });

/** Pick, see the price, generate. Everything offered comes from the price list in force. */
export default function ProductionRoom() {
  const list = usePriceList();
  return (
    <div className={styles.room}>
      <Part
        what={t`The price list`}
        of={list}
        skeleton={<StudioSkeleton label={t`Reading the price list`} />}
        height={420}
        isCard
        className={styles.whole}
      >
        {(operations) => <Studio operations={operations} />}
      </Part>
      <div className={styles.recent}>
        <RecentGenerations />
      </div>
    </div>
  );
}

function Studio({ operations }: { operations: readonly OperationFieldsFragment[] }) {
  const { standard } = useAccount();
  const offers = offersOf(operations);
  const upload = operations.find((each) => each.feature === 'MEDIA_LIBRARY' && each.type === 'UPLOAD');
  const { generation, start, clear } = useWork();
  useAskedAgain(generation, standard?.available ?? null, clear);
  const card = useKeptFocus(generation.step);
  const [{ make }, keepDraft] = useSearchOf(draft);
  const [code, setCode] = useState(make !== '' || generation.step === 'idle' ? make : generation.operation.code);
  const chosen = operations.find((each) => each.code === code) ?? offers[0]?.sizes[0];
  if (chosen === undefined) return <p className={styles.whole}>{t`The price list offers nothing for this room.`}</p>;
  const choose = (operation: OperationFieldsFragment): void => {
    setCode(operation.code);
    keepDraft({ make: operation.code });
    // A result or a refusal belongs to what was chosen before; work in progress stays.
    if (generation.step === 'finished' || generation.step === 'refused' || generation.step === 'closed') clear();
  };
  return (
    <>
      <div className={styles.pick}>
        <Section id="pick-title" title={t`What would you like to make?`}>
          <Picker offers={offers} chosen={chosen} onChoose={choose} />
        </Section>
      </div>
      <div className={styles.side}>
        <section ref={card} tabIndex={-1} className={styles.card} aria-label={t`Cost and work`}>
          {generation.step === 'idle' ? (
            <QuoteCard operation={chosen} onChoose={choose} onGenerate={(token) => start(chosen, token)} />
          ) : (
            <WorkCard onChoose={choose} />
          )}
        </section>
        {upload !== undefined && <Uploads operation={upload} />}
      </div>
    </>
  );
}

/**
 * The pressed button goes away with its step; the focus then stays in the card instead of falling to the page's top, and
 * on a narrow screen the card comes into view.
 */
function useKeptFocus(step: string): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
    if (before.current === 'idle' || step === 'finished') card.current?.scrollIntoView({ block: 'nearest' });
    before.current = step;
  }, [step]);
  return card;
}
