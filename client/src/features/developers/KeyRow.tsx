import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { RevokeKeyDocument } from '../../gql/developers.js';
import type { KeysQuery } from '../../gql/developers.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { Button } from '../../ui/Button.js';
import { isolated } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { useWaiting } from '../../ui/waiting.js';
import styles from './Developers.module.css';

type Key = NonNullable<KeysQuery['account']>['apiKeys'][number];
type Props = { apiKey: Key; again: () => Promise<unknown> };

/** One key: what for, what it may do, when it was used; and its end, which is asked about first. */
export function KeyRow({ apiKey, again }: Props) {
  const { id, name, scopes, last4, createdAt, lastUsedAt, maker } = apiKey;
  return (
    <li className={styles.key} data-key={id}>
      <div>
        <p>
          <strong>
            <bdi>{name}</bdi>
          </strong>{' '}
          <code>{`…${last4}`}</code>
        </p>
        <p className={styles.more}>
          {scopes.map((scope) => (
            <code key={scope}>{scope}</code>
          ))}
        </p>
        <p className={styles.more}>
          <span>
            {t`made`} <Instant at={Date.parse(createdAt)} show="date" />
          </span>
          {maker !== null && <span>{t`by ${isolated(maker)}`}</span>}
          {lastUsedAt === null ? (
            <span>{t`never used`}</span>
          ) : (
            <span>
              {t`last used`} <Instant at={Date.parse(lastUsedAt)} />
            </span>
          )}
        </p>
      </div>
      <Revoke apiKey={apiKey} again={again} />
    </li>
  );
}

const focusOn = (button: HTMLButtonElement | null): void => button?.focus();

function Revoke({ apiKey: { id, name }, again }: Props) {
  const client = useApolloClient();
  const announcer = useAnnouncer();
  const waiting = useWaiting();
  const [step, setStep] = useState<'none' | 'asked' | 'ending'>('none');
  const [problem, setProblem] = useState<string | null>(null);
  const end = async (): Promise<void> => {
    setStep('ending');
    try {
      await untilAnswered(() => client.mutate({ mutation: RevokeKeyDocument, variables: { id } }));
      await again();
      announcer.now(t`The key ${isolated(name)} has ended.`);
    } catch (error) {
      setProblem(messageOf(error));
      setStep('asked');
    }
  };
  if (step === 'none')
    return (
      <Button tone="quiet" onClick={() => setStep('asked')} aria-label={t`End the key ${name}`}>
        {t`End`}
      </Button>
    );
  return (
    <div className={styles.confirm} role="group" aria-label={t`End the key ${name}`}>
      <p>{t`End it for good? Programs that use it stop working at once.`}</p>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button ref={focusOn} onClick={() => void end()} aria-disabled={step === 'ending' || waiting !== null}>
          {step === 'ending' ? t`Ending` : t`End it for good`}
        </Button>
        <Button tone="quiet" onClick={() => setStep('none')}>
          {t`Keep it`}
        </Button>
      </div>
    </div>
  );
}
