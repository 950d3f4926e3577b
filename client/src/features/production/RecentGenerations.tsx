import { useRef } from 'react';
import { useQuery } from '@apollo/client/react';
import { Clapperboard } from 'lucide-react';
import { messageOf } from '../../apollo/retry.js';
import { RecentGenerationsDocument } from '../../gql/operations.js';
import type { ReservationFieldsFragment as Row } from '../../gql/operations.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { Generated } from './Generated.js';
import { generationsOf } from './generations.js';
import styles from './RecentGenerations.module.css';

const heldRead = 20;
/** Twice what is shown: work of other kinds stands among it. */
const latestRead = 12;

type Props = {
  accountId: string;
  version: number | null;
  now: number | null;
  /** The hold of the work going on in this page; the card beside shows it. */
  ownId: string | null;
};

const nodes = (list: { edges: readonly { node: Row }[] }): Row[] => list.edges.map((edge) => edge.node);

/** The room's latest work and what became of its credits; a hold that nobody works on any more can be given back. */
export function RecentGenerations({ accountId, version, now, ownId }: Props) {
  const { data, error, refetch } = useQuery(RecentGenerationsDocument, {
    variables: { accountId, held: heldRead, latest: latestRead },
  });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 2_000, again);
  const list = useRef<HTMLDivElement>(null);
  const account = data?.account ?? null;
  const rows = account === null ? null : generationsOf(nodes(account.held), nodes(account.latest));
  // Work of other kinds may have pushed this room's out of what was read.
  const isWhole = (account?.latest.edges.length ?? 0) < latestRead;
  return (
    <Section id="recent-title" title="Latest generations">
      <div ref={list} tabIndex={-1} role="group" aria-labelledby="recent-title">
        {rows === null ? (
          error === undefined ? (
            <Skeleton height={340} label="Reading the latest generations" />
          ) : (
            <Failed what="The latest generations" reason={messageOf(error)} onRetry={again} height={340} />
          )
        ) : rows.length === 0 ? (
          <Empty
            icon={<Clapperboard size={20} />}
            title={isWhole ? 'Nothing generated yet' : 'Nothing generated lately'}
            height={150}
          >
            What you make here is listed with what it cost.
          </Empty>
        ) : (
          <ul className={styles.list}>
            {rows.map((reservation) => (
              <Generated
                key={reservation.id}
                reservation={reservation}
                now={now}
                isOwn={reservation.id === ownId}
                onGone={() => list.current?.focus({ preventScroll: true })}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
