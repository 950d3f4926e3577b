import { useQuery } from '@apollo/client/react';
import { OffersDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatMoney } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Instant } from '../../ui/Instant.js';
import { TypeIcon } from './Picker.js';
import styles from './Shortfall.module.css';

type Props = {
  shortfall: number;
  held: number;
  nextResetAt: string;
  alternatives: readonly OperationFieldsFragment[];
  onChoose: (operation: OperationFieldsFragment) => void;
  /** What a refusal named as enough; without a refusal the packs on sale are listed. */
  smallestPack?: { name: string; credits: number } | null;
  upgrade?: { name: string; monthlyCredits: number } | null;
};

/** How much is missing and every way on: something cheaper now, waiting, more credits. */
export function Shortfall(props: Props) {
  const { data } = useQuery(OffersDocument);
  const packs = (data?.creditPacks ?? []).filter((pack) => pack.creditType === 'STANDARD');
  return (
    <div className={styles.short} data-shortfall>
      <p>
        <strong>{creditsInWords(props.shortfall)} short.</strong>{' '}
        {props.held > 0 && `${creditsInWords(props.held)} are on hold for work in progress; what it does not use comes back.`}
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
            <li>A pack of {creditsInWords(props.smallestPack.credits)} would be enough.</li>
          ) : (
            packs.length > 0 && <li>Packs: {packs.map((pack) => `${pack.name} ${formatMoney(pack.price.amountMinor, pack.price.currency)}`).join(', ')}.</li>
          )}
          {props.upgrade !== undefined && props.upgrade !== null && (
            <li>
              {props.upgrade.name} comes with {creditsInWords(props.upgrade.monthlyCredits)} a period.
            </li>
          )}
        </ul>
      </div>
    </div>
  );
}
