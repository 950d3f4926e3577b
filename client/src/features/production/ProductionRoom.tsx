import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { OperationsForSaleDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { Failed, Section, Skeleton } from '../../ui/Section.js';
import { Picker } from './Picker.js';
import { QuoteCard } from './QuoteCard.js';
import { RecentGenerations } from './RecentGenerations.js';
import { Uploads } from './Uploads.js';
import { WorkCard } from './WorkCard.js';
import { useWork } from './GenerationProvider.js';
import { offersOf } from './offer.js';
import { useQuote } from './useQuote.js';
import styles from './ProductionRoom.module.css';

type Props = {
  accountId: string;
  /** Of the balance; a change asks for a new quote. */
  version: number | null;
  /** The account's time, ms. */
  now: number | null;
  isDemo: boolean;
};

/** Pick, see the price, generate. Everything offered comes from the price list in force. */
export default function ProductionRoom({ accountId, version, now, isDemo }: Props) {
  const { data, error, refetch } = useQuery(OperationsForSaleDocument);
  const { generation } = useWork();
  const operations = data?.priceList.operations ?? null;
  const upload = operations?.find((each) => each.feature === 'MEDIA_LIBRARY' && each.type === 'UPLOAD');
  const ownId = generation.step === 'working' || generation.step === 'finishing' ? generation.reservation.id : null;
  return (
    <div className={styles.room}>
      {operations === null ? (
        error === undefined ? (
          <Skeleton height={420} label="Reading the price list" />
        ) : (
          <Failed what="The price list" reason={error.message} onRetry={() => void refetch().catch(() => undefined)} height={420} />
        )
      ) : (
        <Studio accountId={accountId} version={version} isDemo={isDemo} operations={operations} />
      )}
      <div className={styles.below}>
        <RecentGenerations accountId={accountId} version={version} now={now} ownId={ownId} />
        {upload !== undefined && <Uploads accountId={accountId} operation={upload} />}
      </div>
    </div>
  );
}

type StudioProps = { accountId: string; version: number | null; isDemo: boolean; operations: readonly OperationFieldsFragment[] };

function Studio({ accountId, version, isDemo, operations }: StudioProps) {
  const offers = offersOf(operations);
  const { generation, start, clear } = useWork();
  const [code, setCode] = useState(generation.step === 'idle' ? null : generation.operation.code);
  const chosen = operations.find((each) => each.code === code) ?? offers[0]?.sizes[0];
  if (chosen === undefined) return <p>The price list offers nothing for this room.</p>;
  const choose = (operation: OperationFieldsFragment): void => {
    setCode(operation.code);
    // A result or a refusal belongs to what was chosen before; work in progress stays.
    if (generation.step === 'finished' || generation.step === 'refused' || generation.step === 'closed') clear();
  };
  return (
    <div className={styles.studio}>
      <Section id="pick-title" title="What would you like to make?">
        <Picker offers={offers} chosen={chosen} onChoose={choose} />
      </Section>
      <section className={styles.card} aria-label="Cost and work">
        {generation.step === 'idle' ? (
          <Priced accountId={accountId} version={version} operation={chosen} onChoose={choose} onGenerate={(token) => start(chosen, token)} />
        ) : (
          <WorkCard isDemo={isDemo} onChoose={choose} />
        )}
      </section>
    </div>
  );
}

type PricedProps = {
  accountId: string;
  version: number | null;
  operation: OperationFieldsFragment;
  onChoose: (operation: OperationFieldsFragment) => void;
  onGenerate: (quoteToken: string) => void;
};

function Priced({ accountId, version, operation, onChoose, onGenerate }: PricedProps) {
  const quote = useQuote(accountId, operation.code, version);
  return <QuoteCard operation={operation} quote={quote} onChoose={onChoose} onGenerate={onGenerate} />;
}
