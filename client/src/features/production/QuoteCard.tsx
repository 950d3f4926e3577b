import { Sparkles } from 'lucide-react';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Failed, Skeleton } from '../../ui/Section.js';
import { useWaiting } from '../../ui/waiting.js';
import { Figures } from './Figures.js';
import { NotInPlan } from './NotInPlan.js';
import { Shortfall } from './Shortfall.js';
import { Strip } from './Strip.js';
import type { Quote, useQuote } from './useQuote.js';
import styles from './QuoteCard.module.css';

type Props = {
  operation: OperationFieldsFragment;
  plan: PlanFieldsFragment | null;
  quote: ReturnType<typeof useQuote>;
  /** The account's time, ms. */
  now: number | null;
  onGenerate: (quoteToken: string) => void;
  onChoose: (operation: OperationFieldsFragment) => void;
};

const height = 316;

/** What it costs, what you have, what is left, and the button that says the price. All figures are the quote's. */
export function QuoteCard({ operation, plan, quote, now, onGenerate, onChoose }: Props) {
  const { answer } = quote;
  const waiting = useWaiting();
  if (answer === null) {
    return quote.problem === null ? (
      <Skeleton height={height} label="Asking for the price" />
    ) : (
      <Failed what="The quote" reason={quote.problem} onRetry={quote.again} height={height} />
    );
  }
  if (answer.__typename === 'OperationNotInPlan') return <NotInPlan refusal={answer} plan={plan} />;
  if (answer.__typename !== 'Quote')
    return <Failed what="The quote" reason={answer.message} onRetry={quote.again} height={height} />;
  return (
    <div data-quote>
      <h2 className={styles.title}>{operation.name}</h2>
      <Price quote={answer} isRenewing={quote.isRenewing} />
      {answer.sufficient ? (
        <>
          <Strip
            sum={
              waiting === null
                ? [`Cost ${formatCredits(answer.total)}`, `After ${formatCredits(answer.availableAfter)}`]
                : [`Cost ${formatCredits(answer.total)}`, 'Waiting']
            }
          >
            <Button
              tone="main"
              size="large"
              onClick={() => onGenerate(answer.token)}
              aria-disabled={waiting !== null}
              aria-describedby={waiting === null ? undefined : 'why-it-waits'}
              data-generate
            >
              <Sparkles size={18} aria-hidden="true" /> <span>{`Generate for ${creditsInWords(answer.total)}`}</span>
            </Button>
          </Strip>
          {waiting === null ? (
            <p className={styles.fine}>
              {`Price list ${answer.priceListVersion}. This price holds for ten minutes. Credits are put on hold first and spent only when the work is done.`}
            </p>
          ) : (
            <p id="why-it-waits" className={styles.fine} data-why-it-waits>
              {`${waiting} Generating waits until that is over; nothing is held or spent meanwhile.`}
            </p>
          )}
        </>
      ) : (
        <>
          <Strip sum={[`Cost ${formatCredits(answer.total)}`, `Missing ${formatCredits(answer.shortfall)}`]}>
            <Button tone="main" size="large" aria-disabled="true" aria-describedby="why-not" data-generate>
              {`Generate for ${creditsInWords(answer.total)}`}
            </Button>
          </Strip>
          <div id="why-not">
            <Shortfall
              shortfall={answer.shortfall}
              held={answer.balance.held}
              nextResetAt={answer.balance.nextResetAt}
              now={now}
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

function Price({ quote, isRenewing }: { quote: Quote; isRenewing: boolean }) {
  // Low before it already, or only by it.
  const low = quote.balance.level === 'OK' ? 'Low after this' : 'Still low after this';
  return (
    <Figures
      isBusy={isRenewing}
      rows={[
        { label: 'Cost', value: formatCredits(quote.total) },
        { label: 'You have', value: <span data-have>{formatCredits(quote.balance.available)}</span> },
        quote.sufficient
          ? {
              label: (
                <>
                  <span>After</span> {quote.lowAfter && <span className={styles.low}>{low}</span>}
                </>
              ),
              value: formatCredits(quote.availableAfter),
            }
          : { label: 'Missing', value: formatCredits(quote.shortfall), isMissing: true },
      ]}
    />
  );
}
