import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { OperationsForSaleDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { Failed, Section } from '../../ui/Section.js';
import { Picker } from './Picker.js';
import { QuoteCard } from './QuoteCard.js';
import { RecentGenerations } from './RecentGenerations.js';
import { StudioSkeleton } from './RoomSkeleton.js';
import { Uploads } from './Uploads.js';
import { WorkCard } from './WorkCard.js';
import { useWork } from './GenerationProvider.js';
import { ownHoldOf } from './generation.js';
import { offersOf } from './offer.js';
import { useAskedAgain } from './useAskedAgain.js';
import { useQuote } from './useQuote.js';
import styles from './ProductionRoom.module.css';

type Props = {
  accountId: string;
  plan: PlanFieldsFragment | null;
  /** Of the balance; a change asks for a new quote. */
  version: number | null;
  /** What can be spent now. */
  available: number | null;
  /** The account's time, ms. */
  now: number | null;
  isDemo: boolean;
};

/** Pick, see the price, generate. Everything offered comes from the price list in force. */
export default function ProductionRoom({ accountId, plan, version, available, now, isDemo }: Props) {
  const { data, error, refetch } = useQuery(OperationsForSaleDocument);
  const { generation } = useWork();
  const operations = data?.priceList.operations ?? null;
  const upload = operations?.find((each) => each.feature === 'MEDIA_LIBRARY' && each.type === 'UPLOAD');
  return (
    <div className={styles.room}>
      {operations === null ? (
        error === undefined ? (
          <StudioSkeleton label="Reading the price list" />
        ) : (
          <div className={styles.whole}>
            <Failed
              isCard
              what="The price list"
              reason={messageOf(error)}
              onRetry={() => void refetch().catch(() => undefined)}
              height={420}
            />
          </div>
        )
      ) : (
        <Studio
          accountId={accountId}
          plan={plan}
          version={version}
          available={available}
          now={now}
          isDemo={isDemo}
          operations={operations}
        >
          {upload !== undefined && <Uploads accountId={accountId} operation={upload} />}
        </Studio>
      )}
      <div className={styles.recent}>
        <RecentGenerations accountId={accountId} version={version} now={now} ownId={ownHoldOf(generation)} />
      </div>
    </div>
  );
}

type StudioProps = Props & {
  operations: readonly OperationFieldsFragment[];
  /** Below the cost. */
  children: ReactNode;
};

function Studio({ accountId, plan, version, available, now, isDemo, operations, children }: StudioProps) {
  const offers = offersOf(operations);
  const { generation, start, clear } = useWork();
  useAskedAgain(generation, available, clear);
  const card = useKeptFocus(generation.step);
  const [code, setCode] = useState(generation.step === 'idle' ? null : generation.operation.code);
  const chosen = operations.find((each) => each.code === code) ?? offers[0]?.sizes[0];
  if (chosen === undefined) return <p className={styles.whole}>The price list offers nothing for this room.</p>;
  const choose = (operation: OperationFieldsFragment): void => {
    setCode(operation.code);
    // A result or a refusal belongs to what was chosen before; work in progress stays.
    if (generation.step === 'finished' || generation.step === 'refused' || generation.step === 'closed') clear();
  };
  return (
    <>
      <div className={styles.pick}>
        <Section id="pick-title" title="What would you like to make?">
          <Picker offers={offers} chosen={chosen} onChoose={choose} />
        </Section>
      </div>
      <div className={styles.side}>
        <section ref={card} tabIndex={-1} className={styles.card} aria-label="Cost and work">
          {generation.step === 'idle' ? (
            <Priced
              accountId={accountId}
              plan={plan}
              version={version}
              now={now}
              operation={chosen}
              onChoose={choose}
              onGenerate={(token) => start(chosen, token)}
            />
          ) : (
            <WorkCard isDemo={isDemo} plan={plan} now={now} onChoose={choose} />
          )}
        </section>
        {children}
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

type PricedProps = {
  accountId: string;
  plan: PlanFieldsFragment | null;
  version: number | null;
  now: number | null;
  operation: OperationFieldsFragment;
  onChoose: (operation: OperationFieldsFragment) => void;
  onGenerate: (quoteToken: string) => void;
};

function Priced({ accountId, version, ...card }: PricedProps) {
  const quote = useQuote(accountId, card.operation.code, version);
  return <QuoteCard {...card} quote={quote} />;
}
