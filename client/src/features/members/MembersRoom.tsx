import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { Users } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { mayAdminister } from '../../domain/rights.js';
import { MembersDocument, SpentByMemberDocument } from '../../gql/members.js';
import type { MembersQuery } from '../../gql/members.js';
import { Button } from '../../ui/Button.js';
import { Page } from '../../ui/Page.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { localDate } from '../../ui/time.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { Way } from '../../ui/Way.js';
import { messages } from '../../words/en/MembersRoom.po';
import { learn } from '../../words/words.js';
import { MemberRow } from './MemberRow.js';
import styles from './Members.module.css';

learn(messages);

const pageSize = 50;

/** Who works with the account's credits: as whom they signed in last, and what they used this period. */
export default function MembersRoom() {
  return (
    <Page shape="settings">
      <Section id="members-title" title={t`Who has been here`}>
        <p className={styles.why}>
          {t`Everybody who signed in, or for whom work was done. Your platform decides who belongs to the account and with which role.`}
        </p>
        <Pages />
      </Section>
    </Page>
  );
}

/** Pages after the first are asked for as one wants them; each is a query of its own. */
function Pages() {
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const spent = useSpent();
  return (
    <>
      {cursors.map((after, index) => (
        <MemberPage
          key={after ?? ''}
          after={after}
          spent={spent}
          onMore={index === cursors.length - 1 ? (cursor) => setCursors([...cursors, cursor]) : null}
        />
      ))}
    </>
  );
}

type PageProps = {
  after: string | null;
  /** By member; null until it is known. */
  spent: ReadonlyMap<string, number> | null;
  /** Reads on from this cursor; null where the next page is there already. */
  onMore: ((cursor: string) => void) | null;
};

function MemberPage({ after, spent, onMore }: PageProps) {
  const { accountId, standard } = useAccount();
  const members = readingOf(useQuery(MembersDocument, { variables: { accountId, first: pageSize, after } }), whole);
  useOnChange(standard?.version ?? null, 2_000, () => void members.again());
  return (
    <Part
      what={t`The members`}
      of={members}
      height={240}
      isEmpty={({ account }) => account.members.edges.length === 0}
      empty={
        <Empty icon={<Users size={20} />} title={t`Nobody has been here yet`} height={160}>
          {t`Members appear here once they sign in, or once work is done for them.`}
        </Empty>
      }
    >
      {({ viewer, account }) => {
        const last = account.members.edges.at(-1)?.cursor;
        return (
          <>
            <ul className={styles.list} data-members>
              {account.members.edges.map(({ node }) => (
                <MemberRow
                  key={node.id}
                  member={node}
                  isViewer={node.id === viewer.id}
                  spent={spent === null ? null : (spent.get(node.id) ?? 0)}
                />
              ))}
            </ul>
            {account.members.pageInfo.hasNextPage && last !== undefined && onMore !== null && (
              <Button onClick={() => onMore(last)}>{t`Show more`}</Button>
            )}
            {mayAdminister(account) && after === null && (
              <p className={styles.way}>
                <Way to="/budgets">{t`Limit what members may use`}</Way>
              </p>
            )}
          </>
        );
      }}
    </Part>
  );
}

type Whole = { viewer: MembersQuery['viewer']; account: NonNullable<MembersQuery['account']> };

const whole = ({ viewer, account }: MembersQuery): Whole | null => (account === null ? null : { viewer, account });

/** What each member used since the period began, in the account's days. */
function useSpent(): ReadonlyMap<string, number> | null {
  const { accountId, details, now, standard } = useAccount();
  const zone = details?.timeZone ?? null;
  const to = zone === null || now === null ? null : localDate(now, zone);
  const from = details === null || zone === null ? null : localDate(Date.parse(details.period.start), zone);
  const variables = { accountId, from: from ?? '', to: to ?? '' };
  const { data, refetch } = useQuery(SpentByMemberDocument, { variables, skip: from === null || to === null });
  useOnChange(standard?.version ?? null, 2_000, () => {
    if (from !== null && to !== null) void refetch().catch(() => undefined);
  });
  if (data === undefined) return null;
  return new Map(data.usage.rows.flatMap(({ member, credits }) => (member === null ? [] : [[member, credits]])));
}
