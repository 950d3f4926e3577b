import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { KeysDocument } from '../../gql/developers.js';
import { Button } from '../../ui/Button.js';
import { Part } from '../../ui/Part.js';
import { KeyForm } from './KeyForm.js';
import { KeyRow } from './KeyRow.js';
import { SecretOnce } from './SecretOnce.js';
import type { Made } from './SecretOnce.js';
import styles from './Developers.module.css';

/** @param scopes  what the viewer may do: a key may do no more */
export function Keys({ scopes }: { scopes: readonly string[] }) {
  const { accountId } = useAccount();
  const keys = readingOf(useQuery(KeysDocument, { variables: { accountId } }), ({ account }) => account?.apiKeys);
  const [step, setStep] = useState<'list' | 'form' | Made>('list');
  return (
    <>
      {step === 'list' && (
        <p className={styles.new}>
          <Button onClick={() => setStep('form')}>
            <Plus size={16} aria-hidden="true" /> <span>{t`New key`}</span>
          </Button>
        </p>
      )}
      {step === 'form' && (
        <KeyForm
          scopes={scopes}
          onClose={() => setStep('list')}
          onMade={(made) => {
            setStep(made);
            void keys.again();
          }}
          again={keys.again}
        />
      )}
      {typeof step === 'object' && <SecretOnce made={step} onClose={() => setStep('list')} />}
      <Part
        what={t`The keys`}
        of={keys}
        height={120}
        isEmpty={(list) => list.length === 0}
        empty={<p className={styles.why}>{t`No program has a key yet.`}</p>}
      >
        {(list) => (
          <ul data-keys>
            {list.map((key) => (
              <KeyRow key={key.id} apiKey={key} again={keys.again} />
            ))}
          </ul>
        )}
      </Part>
    </>
  );
}
