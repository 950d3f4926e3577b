import { t } from '@lingui/core/macro';
import { Bell, BellRing } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { Button } from '../../ui/Button.js';
import { keepWish, useWish } from './wish.js';
import styles from './QuoteCard.module.css';

/** Asks to be told when the work can be paid for; the choice stands in the address, and the page watches in every room. */
export function TellMe({ operation }: { operation: OperationFieldsFragment }) {
  const { accountId } = useAccount();
  const wish = useWish(accountId);
  const announcer = useAnnouncer();
  const isKept = wish?.code === operation.code;
  const press = (): void => {
    keepWish(isKept ? null : { accountId, code: operation.code, name: operation.name });
    announcer.now(isKept ? t`You are not told any more.` : t`You are told as soon as ${operation.name} can be made.`);
  };
  return (
    <div className={styles.tell}>
      <Button tone="quiet" aria-pressed={isKept} onClick={press} data-tell-me>
        {isKept ? <BellRing size={16} aria-hidden="true" /> : <Bell size={16} aria-hidden="true" />}{' '}
        <span>{t`Tell me when I can afford this`}</span>
      </Button>
      {isKept && (
        <p className={styles.fine}>{t`A message comes in whichever room you are, as soon as it can be made.`}</p>
      )}
    </div>
  );
}
