import { useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { OffersDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatMoney } from '../../ui/format.js';
import { formatRemaining } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Instant } from '../../ui/Instant.js';
import { Pill } from '../../ui/Pill.js';
import { TypeIcon } from './Picker.js';
import { creditsOf, packsFor, pricePerCredit } from './pack.js';
import type { Pack } from './pack.js';
import styles from './Shortfall.module.css';

type Props = {
  shortfall: number;
  held: number;
  nextResetAt: string;
  alternatives: readonly OperationFieldsFragment[];
  onChoose: (operation: OperationFieldsFragment) => void;
  /** The plan that a refusal named as enough; a quote names none, then the next one is shown. */
  upgrade?: PlanFieldsFragment | null;
};

/** How much is missing and every way on: something cheaper now, waiting, more credits. */
export function Shortfall(props: Props) {
  const { now } = useAccount();
  const { shortfall } = props;
  const resetAt = Date.parse(props.nextResetAt);
  return (
    <div className={styles.short} data-shortfall>
      {/* The figures above show it; whoever hears the button's reason hears it here. */}
      <p className={props.held > 0 ? undefined : 'visually-hidden'}>
        <strong>{`${creditsInWords(shortfall)} short.`}</strong>{' '}
        {props.held > 0 && (
          <span>
            {`${creditsInWords(props.held)} are on hold for work in progress; what it does not use comes back.`}
          </span>
        )}
      </p>
      {props.alternatives.length > 0 ? (
        <div>
          <h3>What you can make now</h3>
          <ul className={styles.alternatives}>
            {props.alternatives.map((operation) => (
              <li key={operation.code}>
                <Button onClick={() => props.onChoose(operation)}>
                  <TypeIcon type={operation.type} size={16} />{' '}
                  <span>{`${operation.name} · ${formatCredits(operation.credits)}`}</span>
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className={styles.open}>Uploads to the Media Library stay open: they cost nothing.</p>
      )}
      <div>
        <h3>More credits</h3>
        <ul className={styles.ways}>
          <li>
            Your allowance renews on <Instant at={resetAt} />
            <span>{now === null ? '.' : `, in ${formatRemaining(resetAt - now)}.`}</span>
          </li>
          <Offers shortfall={shortfall} upgrade={props.upgrade} />
        </ul>
      </div>
    </div>
  );
}

type OffersProps = {
  shortfall: number;
  upgrade: PlanFieldsFragment | null | undefined;
};

function Offers({ shortfall, upgrade }: OffersProps) {
  const { plan } = useAccount();
  const { data } = useQuery(OffersDocument);
  const { packs, enough } = packsFor(plan?.canPurchase === true ? (data?.creditPacks ?? []) : [], shortfall);
  const larger = (data?.plans ?? [])
    .filter((each) => plan !== null && each.monthlyCredits > plan.monthlyCredits)
    .sort((a, b) => a.monthlyCredits - b.monthlyCredits);
  const next = upgrade === undefined ? (larger[0] ?? null) : upgrade;
  return (
    <>
      {packs.map((pack) => (
        <li key={pack.id} data-pack={pack.id} className={styles.pack}>
          <PackLine pack={pack} />
          {pack.id === enough?.id && <Pill>Enough for this</Pill>}
        </li>
      ))}
      {next !== null && (
        <li>
          {`${next.name} comes with ${creditsInWords(next.monthlyCredits)} a period, ${
            next.price === null
              ? 'priced by agreement.'
              : `for ${formatMoney(next.price.amountMinor, next.price.currency)} a month.`
          }`}
        </li>
      )}
    </>
  );
}

function PackLine({ pack }: { pack: Pack }) {
  const each = pricePerCredit(pack);
  return (
    <span>
      <span>{`${creditsInWords(creditsOf(pack))} for ${formatMoney(pack.price.amountMinor, pack.price.currency)}`}</span>
      {each !== null && <span className={styles.each}>{` · ${each} each`}</span>}
    </span>
  );
}
