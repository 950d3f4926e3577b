import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useMutation } from '@apollo/client/react';
import { CircleCheck, Upload } from 'lucide-react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { SpendNothingDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { creditsInWords, isolated } from '../../ui/format.js';
import { Section } from '../../ui/Section.js';
import styles from './Uploads.module.css';

const nameMax = 200;
type Uploaded =
  | { key: string; name: string; state: 'sending' | 'done'; text: string }
  | { key: string; name: string; state: 'failed'; text: string };

/** The Media Library's door: open on every plan and at any balance, since an upload costs nothing. */
export function Uploads({ operation }: { operation: OperationFieldsFragment }) {
  const { accountId } = useAccount();
  const [spend] = useMutation(SpendNothingDocument);
  const [files, setFiles] = useState<Uploaded[]>([]);
  const announcer = useAnnouncer();

  const upload = async (file: File): Promise<void> => {
    const key = crypto.randomUUID();
    const show = (state: Uploaded['state'], text: string): void =>
      setFiles((present) =>
        [{ key, name: file.name, state, text }, ...present.filter((each) => each.key !== key)].slice(0, 4),
      );
    show('sending', t`Adding`);
    try {
      const { data } = await untilAnswered(() =>
        spend({
          variables: {
            input: {
              accountId,
              idempotencyKey: key,
              operations: [{ operation: operation.code, quantity: 1 }],
              reference: file.name.slice(0, nameMax),
            },
          },
        }),
      );
      const result = data?.spendCredits;
      if (result?.__typename === 'ReservationReceipt') {
        show('done', creditsInWords(result.reservation.committed));
        announcer.now(t`${isolated(file.name)} added for ${creditsInWords(result.reservation.committed)}.`);
      } else show('failed', result?.message ?? t`The server gave no answer.`);
    } catch (error) {
      show('failed', messageOf(error));
    }
  };

  return (
    <Section id="uploads-title" title={t`Media Library`} aside={<span className={styles.open}>{t`Always open`}</span>}>
      <label className={styles.drop}>
        <Upload size={18} aria-hidden="true" />
        <span>
          <b>{t`Choose a file`}</b> <span>{`· ${creditsInWords(operation.credits)}`}</span>
        </span>
        <input
          type="file"
          onChange={(event) => {
            for (const file of event.currentTarget.files ?? []) void upload(file);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <p className={styles.note}>{t`The file stays on this device: this room records the operation only.`}</p>
      {files.length > 0 && (
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={file.key} data-state={file.state}>
              {file.state === 'done' && <CircleCheck size={15} aria-hidden="true" />}
              <bdi>{file.name}</bdi>
              <b>{file.text}</b>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
