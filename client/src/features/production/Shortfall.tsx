import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useAccount } from '../../domain/account.js';
import { Offer } from '../../domain/Offer.js';
import { packsFor, useOffers } from '../../domain/offers.js';
import { usePriceList } from '../../domain/price-list.js';
import { isMade } from '../../domain/work.js';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { formatRemaining } from '../../ui/time.js';
import { Instant } from '../../ui/Instant.js';
import styles from './Shortfall.module.css';

/** What a quote that the balance does not pay for says, and a refusal: every figure and way on is the server's. */
type Short = {
  shortfall: number;
  /** What open work holds. */
  held: number;
  nextResetAt: string;
  /** Cheaper work of the same kind that can be paid for. */
  alternatives: readonly OperationFieldsFragment[];
  /** The smallest pack that is enough. */
  smallestPack: { id: string } | null;
  /** The plan whose upgrade is enough. */
  upgrade: PlanFieldsFragment | null;
  /** When open work will have freed enough by itself; a quote does not say. */
  enoughAfterHoldsAt?: string | null;
};

type Props = Short & { onChoose: (operation: OperationFieldsFragment) => void };

/** How much is missing and every way on: something cheaper now, waiting, more credits. */
export function Shortfall(props: Props) {
  const { now } = useAccount();
  const { shortfall } = props;
  const payable = usePayable(props.alternatives);
  const resetAt = Date.parse(props.nextResetAt);
  return (
    <div className={styles.short} data-shortfall>
      {/* The figures above show it; whoever hears the button's reason hears it here. */}
      <p className={props.held > 0 ? undefined : 'visually-hidden'}>
        <strong>{t`${creditsInWords(shortfall)} short.`}</strong>{' '}
        {props.held > 0 && (
          <span>
            {t`${creditsInWords(props.held)} are on hold for work in progress; what it does not use comes back.`}
          </span>
        )}
      </p>
      {payable.length > 0 ? (
        <div>
          <h3>{t`What you can make now`}</h3>
          <ul className={styles.alternatives}>
            {payable.map((operation) => (
              <li key={operation.code}>
                <Offer kind="cheaper" item={operation} onChoose={props.onChoose} />
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className={styles.open}>{t`Uploads to the Media Library stay open: they cost nothing.`}</p>
      )}
      <div>
        <h3>{t`More credits`}</h3>
        <ul className={styles.ways}>
          <Freed at={props.enoughAfterHoldsAt ?? null} />
          <li>
            {now === null ? (
              <Trans>
                Your allowance renews on <Instant at={resetAt} />.
              </Trans>
            ) : (
              <Trans>
                Your allowance renews on <Instant at={resetAt} />, in <span>{formatRemaining(resetAt - now)}</span>.
              </Trans>
            )}
          </li>
          <Sold smallestPack={props.smallestPack} upgrade={props.upgrade} />
        </ul>
      </div>
    </div>
  );
}

const payableMax = 3;

/** Cheaper work of the same kind, as the server says; where it has none, the room's other work that can be paid for now. */
function usePayable(alternatives: readonly OperationFieldsFragment[]): readonly OperationFieldsFragment[] {
  const { standard } = useAccount();
  const { value: operations } = usePriceList();
  if (alternatives.length > 0 || standard === null || operations === null) return alternatives;
  return operations
    .filter((each) => isMade(each) && each.creditType === 'STANDARD' && each.credits <= standard.available)
    .toSorted((a, b) => b.credits - a.credits)
    .slice(0, payableMax);
}

/** Waiting is enough: open work ends by itself, and what it holds comes back. */
function Freed({ at }: { at: string | null }) {
  if (at === null) return null;
  return (
    <li data-freed>
      <Trans>
        What is on hold comes back by itself; enough of it by <Instant at={Date.parse(at)} />
      </Trans>
    </li>
  );
}

function Sold({ smallestPack, upgrade }: Pick<Short, 'smallestPack' | 'upgrade'>) {
  const { plan } = useAccount();
  const { value: offers } = useOffers();
  return (
    <>
      {packsFor(offers?.creditPacks ?? [], plan).map((pack) => (
        <li key={pack.id} data-pack={pack.id}>
          <Offer kind="pack" item={pack} reason={pack.id === smallestPack?.id ? t`Enough for this` : undefined} />
        </li>
      ))}
      {upgrade !== null && (
        <li>
          <Offer kind="plan" item={upgrade} reason={t`Enough for this`} />
        </li>
      )}
    </>
  );
}
