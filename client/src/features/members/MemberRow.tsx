import { t } from '@lingui/core/macro';
import type { MembersQuery } from '../../gql/members.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import styles from './Members.module.css';

type Member = NonNullable<MembersQuery['account']>['members']['edges'][number]['node'];

type Props = {
  member: Member;
  isViewer: boolean;
  /** Used this period; null until it is known. */
  spent: number | null;
};

/** One member: who, what they may do, when they were here last, what they used. */
export function MemberRow({ member: { id, name, role, lastSeenAt }, isViewer, spent }: Props) {
  return (
    <li className={styles.member} data-member={id}>
      <div className={styles.who}>
        <p>
          <strong>
            <bdi>{name ?? id}</bdi>
          </strong>{' '}
          {isViewer && <span className={styles.you}>{t`you`}</span>}
        </p>
        <p className={styles.more}>
          <span>{roleWords(role)}</span>
          {name !== null && name !== id && <bdi>{id}</bdi>}
        </p>
      </div>
      <div className={styles.facts}>
        <p>{spent !== null && t`${creditsInWords(spent)} this period`}</p>
        <p className={styles.more}>
          {lastSeenAt === null ? (
            t`not seen yet`
          ) : (
            <>
              <span>{t`last seen`}</span> <Instant at={Date.parse(lastSeenAt)} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}

function roleWords(role: Member['role']): string {
  switch (role) {
    case 'OWNER':
      return t`Owner: may change everything`;
    case 'MEMBER':
      return t`Member: may use credits`;
    case 'VIEWER':
      return t`Viewer: may look`;
    default:
      return t`Has never signed in here`;
  }
}
