import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import type { Wanted } from '../../domain/buying.js';
import { creditsOf, nextPlan, packsFor, priceOf, useOffers } from '../../domain/offers.js';
import type { Pack } from '../../domain/offers.js';
import { Offer } from '../../domain/Offer.js';
import { formatCredits } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Sheet } from '../../ui/Sheet.js';
import { NotYours } from './NotYours.js';
import { Pay } from './Pay.js';
import { Packs } from './Packs.js';
import { useBuyPack } from './useBuyPack.js';
import { useRights } from './useRights.js';
import styles from './Buying.module.css';

type Props = { wanted: Wanted & { kind: 'pack' }; onClose: () => void };

/** Which pack, what it comes to, and the way to the checkout. */
export function PackSheet({ wanted, onClose }: Props) {
  const account = useAccount();
  const { plan } = account;
  const offers = useOffers();
  const rights = useRights();
  const [chosenId, choose] = useState(wanted.packId);
  const [saves, setSaves] = useState(false);
  const { step, buy } = useBuyPack();
  const packs = packsFor(offers.value?.creditPacks ?? [], plan, wanted.creditType);
  const chosen = packs.find(({ id }) => id === chosenId) ?? packs[0];
  const isReady = rights.value?.mayBuy === true && chosen !== undefined;
  return (
    <Sheet
      title={wanted.creditType === 'SCAN' ? t`Buy scan credits` : t`Buy credits`}
      onClose={onClose}
      actions={
        isReady ? (
          <Pay
            step={step}
            onPay={() => void buy(chosen, saves)}
            note={t`You pay at the checkout and come back to this page, as it is now. Nothing is charged before.`}
          >
            {t`Buy ${creditsOfInWords(creditsOf(chosen), chosen.creditType)} for ${priceOf(chosen)}`}
          </Pay>
        ) : undefined
      }
    >
      <Part what={t`The packs`} of={both(offers, rights)} height={220}>
        {([{ plans }, { mayBuy: may }]) => {
          if (!may) return <NotYours />;
          if (chosen === undefined) {
            const larger = plan === null ? null : nextPlan(plans, plan);
            return (
              <>
                <p>{t`Packs cannot be bought on the ${plan?.name ?? ''} plan.`}</p>
                {larger !== null && <Offer kind="plan" item={larger} isMain />}
              </>
            );
          }
          return (
            <>
              <Packs packs={packs} chosen={chosen} onChoose={choose} />
              <After pack={chosen} />
              <label className={styles.save}>
                <input type="checkbox" checked={saves} onChange={(event) => setSaves(event.currentTarget.checked)} />
                <span>{t`Offer to save the card at the checkout, for auto top-up`}</span>
              </label>
            </>
          );
        }}
      </Part>
    </Sheet>
  );
}

/** What one will have, live. */
function After({ pack }: { pack: Pack }) {
  const account = useAccount();
  const balance = pack.creditType === 'SCAN' ? account.scan : account.standard;
  if (balance === null) return null;
  return (
    <dl className={styles.rows}>
      <div>
        <dt>{t`You have`}</dt>
        <dd>{formatCredits(balance.available)}</dd>
      </div>
      <div className={styles.sum}>
        <dt>{t`After it`}</dt>
        <dd data-after>{formatCredits(balance.available + creditsOf(pack))}</dd>
      </div>
    </dl>
  );
}
