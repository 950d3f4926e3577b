import { useQuery } from '@apollo/client/react';
import { OffersDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatMoney } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Instant } from '../../ui/Instant.js';
import { TypeIcon } from './Picker.js';
import styles from './Shortfall.module.css';

type Props = {
  shortfall: number;
  held: number;
  nextResetAt: string;
  plan: PlanFieldsFragment | null;
  alternatives: readonly OperationFieldsFragment[];
  onChoose: (operation: OperationFieldsFragment) => void;
  /** What a refusal named as enough; without a refusal everything on offer is listed. */
  smallestPack?: { name: string; credits: number; bonusCredits: number } | null;
  upgrade?: PlanFieldsFragment | null;
};

/** How much is missing and every way on: something cheaper now, waiting, more credits. */
export function Shortfall(props: Props) {
  const { data } = useQuery(OffersDocument);
  const { plan } = props;
  const packs =
    plan?.canPurchase === true ? (data?.creditPacks ?? []).filter((pack) => pack.creditType === 'STANDARD') : [];
  const larger = (data?.plans ?? []).filter((each) => plan !== null && each.monthlyCredits > plan.monthlyCredits);
  const upgrades = props.upgrade === undefined ? larger : props.upgrade === null ? [] : [props.upgrade];
  return (
    <div className={styles.short} data-shortfall>
      {/* The figures above show it; whoever hears the button's reason hears it here. */}
      <p className={props.held > 0 ? undefined : 'visually-hidden'}>
        <strong>{creditsInWords(props.shortfall)} short.</strong>{' '}
        {props.held > 0 &&
          `${creditsInWords(props.held)} are on hold for work in progress; what it does not use comes back.`}
      </p>
      {props.alternatives.length > 0 && (
        <div>
          <h3>What you can make now</h3>
          <ul className={styles.alternatives}>
            {props.alternatives.map((operation) => (
              <li key={operation.code}>
                <Button onClick={() => props.onChoose(operation)}>
                  <TypeIcon type={operation.type} size={16} /> {operation.name} · {formatCredits(operation.credits)}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <h3>More credits</h3>
        <ul className={styles.ways}>
          <li>
            Your allowance renews on <Instant at={Date.parse(props.nextResetAt)} />.
          </li>
          {props.smallestPack !== undefined && props.smallestPack !== null ? (
            <li>
              A pack of {creditsInWords(props.smallestPack.credits + props.smallestPack.bonusCredits)} would be enough.
            </li>
          ) : (
            packs.length > 0 && (
              <li>
                Packs:{' '}
                {packs
                  .map((pack) => `${pack.name} for ${formatMoney(pack.price.amountMinor, pack.price.currency)}`)
                  .join(', ')}
                .
              </li>
            )
          )}
          {upgrades.map((each) => (
            <li key={each.code}>
              {each.name} comes with {creditsInWords(each.monthlyCredits)} a period.
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
