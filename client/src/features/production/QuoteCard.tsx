import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useEffectEvent } from 'react';
import { Sparkles } from 'lucide-react';
import { stripOf } from '../../domain/balance.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Strip as CreditStrip } from '../../ui/Strip.js';
import { Button } from '../../ui/Button.js';
import { Failed, Part } from '../../ui/Part.js';
import { useWaiting } from '../../ui/waiting.js';
import { Way } from '../../ui/Way.js';
import { Figures } from './Figures.js';
import { NotInPlan } from './NotInPlan.js';
import { Shortfall } from './Shortfall.js';
import { Strip } from './Strip.js';
import { TellMe } from './TellMe.js';
import { useFormerTotal, useQuote } from './useQuote.js';
import type { Quote } from './useQuote.js';
import styles from './QuoteCard.module.css';

type Props = {
  operation: OperationFieldsFragment;
  onGenerate: (quoteToken: string) => void;
  onChoose: (operation: OperationFieldsFragment) => void;
};

const height = 316;

/** What it costs, what you have, what is left, and the button that says the price. All figures are the quote's. */
export function QuoteCard({ operation, onGenerate, onChoose }: Props) {
  const { answer, isRenewing } = useQuote(operation.code);
  return (
    <Part what={t`The quote`} of={answer} height={height}>
      {(quote) => {
        if (quote.__typename === 'OperationNotInPlan') return <NotInPlan refusal={quote} />;
        if (quote.__typename !== 'Quote')
          return <Failed what={t`The quote`} reason={quote.message} onRetry={answer.again} height={height} />;
        return (
          <div data-quote>
            <h2 className={styles.title}>{operation.name}</h2>
            <Price quote={quote} isRenewing={isRenewing} />
            <PriceChange operation={operation} total={quote.total} />
            {quote.allowed ? (
              <Payable quote={quote} onGenerate={onGenerate} />
            ) : quote.sufficient && quote.blockedBy !== null ? (
              <Blocked quote={quote} budget={quote.blockedBy} />
            ) : (
              <TooMuch quote={quote} onChoose={onChoose} />
            )}
            {!quote.allowed && <TellMe operation={operation} />}
          </div>
        );
      }}
    </Part>
  );
}

function Payable({ quote, onGenerate }: { quote: Quote; onGenerate: Props['onGenerate'] }) {
  const waiting = useWaiting();
  return (
    <>
      <Strip
        sum={[
          t`Cost ${formatCredits(quote.total)}`,
          waiting === null ? t`After ${formatCredits(quote.availableAfter)}` : t`Waiting`,
        ]}
      >
        <Button
          tone="main"
          size="large"
          onClick={() => onGenerate(quote.token)}
          aria-disabled={waiting !== null}
          aria-describedby={waiting === null ? undefined : 'why-it-waits'}
          data-generate
        >
          <Sparkles size={18} aria-hidden="true" /> <span>{t`Generate for ${creditsInWords(quote.total)}`}</span>
        </Button>
      </Strip>
      {waiting === null ? (
        <p className={styles.fine}>
          <Trans>
            This price holds until <Instant at={Date.parse(quote.expiresAt)} show="time" />. Credits are put on hold
            first and used only when the work is done.
          </Trans>
        </p>
      ) : (
        <p id="why-it-waits" className={styles.fine} data-why-it-waits>
          {t`${waiting} Generating waits until that is over; nothing is held or spent meanwhile.`}
        </p>
      )}
    </>
  );
}

/** The price is another than when the operation was chosen: the figures and the button have the new one, and that is said. */
function PriceChange({ operation, total }: { operation: OperationFieldsFragment; total: number }) {
  const former = useFormerTotal(operation.code, total);
  const announcer = useAnnouncer();
  const sentence =
    former === null ? null : t`The price has changed: ${creditsInWords(total)} now, it was ${creditsInWords(former)}.`;
  const say = useEffectEvent((words: string) => announcer.now(words));
  useEffect(() => {
    if (sentence !== null) say(sentence);
  }, [sentence]);
  return sentence === null ? null : (
    <p className={styles.fine} data-price-changed>
      {sentence}
    </p>
  );
}

/** The credits are there, and a budget denies the work. */
function Blocked({ quote, budget }: { quote: Quote; budget: NonNullable<Quote['blockedBy']> }) {
  const left = Math.max(0, budget.limit - budget.consumed - budget.held);
  return (
    <>
      <Strip sum={[t`Cost ${formatCredits(quote.total)}`, t`Budget ${formatCredits(left)}`]}>
        <Button tone="main" size="large" aria-disabled="true" aria-describedby="why-not" data-generate>
          {t`Generate for ${creditsInWords(quote.total)}`}
        </Button>
      </Strip>
      <p id="why-not" className={styles.fine} data-blocked>
        {t`A budget stops this: ${creditsInWords(left)} of ${formatCredits(budget.limit)} are left in it, and this needs ${formatCredits(budget.needed)}.`}{' '}
        {budget.resetsAt !== null && (
          <Trans>
            It begins anew on <Instant at={Date.parse(budget.resetsAt)} />.
          </Trans>
        )}{' '}
        <Way to={`/budgets?budget=${budget.budgetId}`}>{t`See the budget`}</Way>
      </p>
    </>
  );
}

function TooMuch({ quote, onChoose }: { quote: Quote; onChoose: Props['onChoose'] }) {
  return (
    <>
      <Strip sum={[t`Cost ${formatCredits(quote.total)}`, t`Missing ${formatCredits(quote.shortfall)}`]}>
        <Button tone="main" size="large" aria-disabled="true" aria-describedby="why-not" data-generate>
          {t`Generate for ${creditsInWords(quote.total)}`}
        </Button>
      </Strip>
      <div id="why-not">
        {quote.setAside > 0 && (
          <p className={styles.fine} data-set-aside>
            {t`${creditsInWords(quote.setAside)} of what you have are set aside for other work.`}
          </p>
        )}
        <Shortfall
          shortfall={quote.shortfall}
          held={quote.balance.held}
          nextResetAt={quote.balance.nextResetAt}
          alternatives={quote.alternatives}
          smallestPack={quote.smallestPack}
          upgrade={quote.upgrade}
          onChoose={onChoose}
        />
      </div>
    </>
  );
}

function Price({ quote, isRenewing }: { quote: Quote; isRenewing: boolean }) {
  // Low before it already, or only by it.
  const low = quote.balance.level === 'OK' ? t`Low after this` : t`Still low after this`;
  return (
    <>
      <CreditStrip size={12} label={t`Credits left`} {...stripOf(quote.balance)} bite={quote.total} />
      <Figures
        isBusy={isRenewing}
        rows={[
          { label: t`Cost`, value: formatCredits(quote.total) },
          { label: t`You have`, value: <span data-have>{formatCredits(quote.balance.available)}</span> },
          quote.sufficient
            ? {
                label: (
                  <>
                    <span>{t`After`}</span> {quote.lowAfter && <span className={styles.low}>{low}</span>}
                  </>
                ),
                value: formatCredits(quote.availableAfter),
              }
            : { label: t`Missing`, value: formatCredits(quote.shortfall), isMissing: true },
        ]}
      />
    </>
  );
}
