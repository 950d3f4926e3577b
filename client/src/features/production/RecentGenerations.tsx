import { useState } from 'react';
import { useMutation, useQuery } from '@apollo/client/react';
import { Clapperboard } from 'lucide-react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { RecentGenerationsDocument, ReleaseDocument } from '../../gql/operations.js';
import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { TypeIcon } from './Picker.js';
import styles from './RecentGenerations.module.css';

const read = 20;
const shown = 6;

type Props = {
  accountId: string;
  version: number | null;
  now: number | null;
  /** The hold of the work going on in this page; the card beside shows it. */
  ownId: string | null;
};

/** The room's latest work and what became of its credits; a hold that nobody works on any more can be given back. */
export function RecentGenerations({ accountId, version, now, ownId }: Props) {
  const { data, error, refetch } = useQuery(RecentGenerationsDocument, { variables: { accountId, first: read } });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 1_000, again);
  const all = data?.account?.reservations.edges.map((edge) => edge.node) ?? null;
  const recent =
    all?.filter((each) => each.lines.some((line) => line.operation.feature === 'PRODUCTION_ROOM')).slice(0, shown) ??
    null;
  return (
    <Section id="recent-title" title="Latest generations">
      {recent === null ? (
        error === undefined ? (
          <Skeleton height={180} label="Reading the latest generations" />
        ) : (
          <Failed what="The latest generations" reason={error.message} onRetry={again} height={180} />
        )
      ) : recent.length === 0 ? (
        <Empty icon={<Clapperboard size={20} />} title="Nothing generated yet" height={150}>
          What you make here is listed with what it cost.
        </Empty>
      ) : (
        <ul className={styles.list}>
          {recent.map((reservation) => (
            <Generated key={reservation.id} reservation={reservation} now={now} isOwn={reservation.id === ownId} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** What became of the credits, in a word or three. */
function fateOf(reservation: ReservationFieldsFragment): string {
  if (reservation.status === 'HELD') return `${formatCredits(reservation.held)} on hold`;
  if (reservation.committed > 0) return `${formatCredits(reservation.committed)} spent`;
  switch (reservation.outcome) {
    case 'FAILED':
      return 'Failed, not charged';
    case 'BLOCKED':
      return 'Blocked, not charged';
    case 'CANCELED':
      return 'Canceled, not charged';
    default:
      return reservation.status === 'EXPIRED' ? 'Expired, not charged' : 'Not charged';
  }
}

function Generated({
  reservation,
  now,
  isOwn,
}: {
  reservation: ReservationFieldsFragment;
  now: number | null;
  isOwn: boolean;
}) {
  const [release] = useMutation(ReleaseDocument);
  const [key] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<string | null>(null);
  const announcer = useAnnouncer();
  const [line] = reservation.lines;
  const at = Date.parse(reservation.createdAt);
  const giveBack = async (): Promise<void> => {
    setProblem(null);
    try {
      const { data } = await untilAnswered(() =>
        release({ variables: { input: { reservationId: reservation.id, idempotencyKey: key } } }),
      );
      const result = data?.releaseReservation;
      if (result?.__typename === 'ReservationReceipt')
        announcer.now(`${creditsInWords(result.reservation.released)} given back.`);
      else setProblem(result?.message ?? 'The server gave no answer.');
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <li className={styles.item} data-status={reservation.status}>
      <span className={styles.icon}>{line !== undefined && <TypeIcon type={line.operation.type} size={17} />}</span>
      <div className={styles.words}>
        <strong>{line?.operation.name ?? 'Generation'}</strong>
        <time dateTime={reservation.createdAt} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
          {now === null ? formatInstant(at) : formatAgo(at, now)}
        </time>
        {problem !== null && <p role="alert">{problem}</p>}
      </div>
      <span className={styles.fate}>{fateOf(reservation)}</span>
      {reservation.status === 'HELD' && !isOwn && (
        <Button onClick={() => void giveBack()} className={styles.release}>
          Give back
        </Button>
      )}
    </li>
  );
}
