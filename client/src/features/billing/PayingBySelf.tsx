import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { packsFor, useOffers } from '../../domain/offers.js';
import { TopUpDocument } from '../../gql/billing.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Section } from '../../ui/Section.js';
import { Method } from './Method.js';
import { TopUp } from './TopUp.js';
import { useFresh } from './useFresh.js';
import { useRights } from './useRights.js';
import styles from './Billing.module.css';

/** Auto top-up and the card that it charges. */
export function PayingBySelf() {
  const { accountId, plan } = useAccount();
  const rights = useRights();
  const offers = useOffers();
  const settings = useFresh(readingOf(useQuery(TopUpDocument, { variables: { accountId } }), ({ account }) => account));
  return (
    <Section id="top-up" title={t`Auto top-up`}>
      <p className={styles.note}>
        {t`Buys a pack by itself when credits run low, so that work does not stop. Off until you turn it on.`}
      </p>
      <Part what={t`Auto top-up`} of={both(settings, both(rights, offers))} height={180}>
        {([{ autoTopUp, paymentMethod }, [{ mayBuy }, { creditPacks }]]) => (
          <>
            <TopUp
              topUp={autoTopUp}
              packs={packsFor(creditPacks, plan)}
              mayBuy={mayBuy}
              hasMethod={paymentMethod !== null}
              again={settings.again}
            />
            <Method method={paymentMethod} mayBuy={mayBuy} isCharged={autoTopUp.enabled} again={settings.again} />
          </>
        )}
      </Part>
    </Section>
  );
}
