import { Sparkles } from 'lucide-react';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Failed, Skeleton } from '../../ui/Section.js';
import { NotInPlan } from './NotInPlan.js';
import { Shortfall } from './Shortfall.js';
import type { Quote, useQuote } from './useQuote.js';
import styles from './QuoteCard.module.css';

type Props = {
  operation: OperationFieldsFragment;
  plan: PlanFieldsFragment | null;
  quote: ReturnType<typeof useQuote>;
  onGenerate: (quoteToken: string) => void;
  onChoose: (operation: OperationFieldsFragment) => void;
};

/** What it costs, what you have, what is left, and the button that says the price. All figures are the quote's. */
export function QuoteCard({ operation, plan, quote, onGenerate, onChoose }: Props) {
  const { answer } = quote;
  if (answer === null) {
    return quote.problem === null ? (
      <Skeleton height={268} label="Asking for the price" />
    ) : (
      <Failed what="The quote" reason={quote.problem} onRetry={quote.again} height={268} />
    );
  }
  if (answer.__typename === 'OperationNotInPlan') return <NotInPlan refusal={answer} plan={plan} />;
  if (answer.__typename !== 'Quote')
    return <Failed what="The quote" reason={answer.message} onRetry={quote.again} height={268} />;
  return (
    <div data-quote>
      <h2 className={styles.title}>{operation.name}</h2>
      <Figures quote={answer} isRenewing={quote.isRenewing} />
      {answer.sufficient ? (
        <>
          <Button tone="main" size="large" className={styles.go} onClick={() => onGenerate(answer.token)} data-generate>
            <Sparkles size={18} aria-hidden="true" /> Generate for {creditsInWords(answer.total)}
          </Button>
          <p className={styles.fine}>
            Price list {answer.priceListVersion}. This price holds for ten minutes. Credits are put on hold first and
            spent only when the work is done.
          </p>
        </>
      ) : (
        <>
          <Button
            tone="main"
            size="large"
            className={styles.go}
            aria-disabled="true"
            aria-describedby="why-not"
            data-generate
          >
            Generate for {creditsInWords(answer.total)}
          </Button>
          <div id="why-not">
            <Shortfall
              shortfall={answer.shortfall}
              held={answer.balance.held}
              nextResetAt={answer.balance.nextResetAt}
              plan={plan}
              alternatives={answer.alternatives}
              onChoose={onChoose}
            />
          </div>
        </>
      )}
    </div>
  );
}

function Figures({ quote, isRenewing }: { quote: Quote; isRenewing: boolean }) {
  return (
    <dl className={styles.figures} aria-busy={isRenewing}>
      <div>
        <dt>Cost</dt>
        <dd>{formatCredits(quote.total)}</dd>
      </div>
      <div>
        <dt>You have</dt>
        <dd data-have>{formatCredits(quote.balance.available)}</dd>
      </div>
      {quote.sufficient ? (
        <div>
          <dt>
            After
            {quote.lowAfter && <span className={styles.low}>Low after this</span>}
          </dt>
          <dd>{formatCredits(quote.availableAfter)}</dd>
        </div>
      ) : (
        <div className={styles.short}>
          <dt>Missing</dt>
          <dd>{formatCredits(quote.shortfall)}</dd>
        </div>
      )}
    </dl>
  );
}
