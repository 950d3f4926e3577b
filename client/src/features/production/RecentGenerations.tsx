import { t } from '@lingui/core/macro';
import { useRef } from 'react';
import { useQuery } from '@apollo/client/react';
import { Clapperboard } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { RecentGenerationsDocument } from '../../gql/operations.js';
import type { ReservationFieldsFragment as Row } from '../../gql/operations.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { Generated } from './Generated.js';
import { useWork } from './GenerationProvider.js';
import { ownHoldOf } from './generation.js';
import { generationsOf } from './generations.js';
import styles from './RecentGenerations.module.css';

const heldRead = 20;
/** Twice what is shown: work of other kinds stands among it. */
const latestRead = 12;

const nodes = (list: { edges: readonly { node: Row }[] }): Row[] => list.edges.map((edge) => edge.node);

/** The room's latest work and what became of its credits; a hold that nobody works on any more can be given back. */
export function RecentGenerations() {
  const { accountId, standard, now } = useAccount();
  const { generation } = useWork();
  const work = readingOf(
    useQuery(RecentGenerationsDocument, { variables: { accountId, held: heldRead, latest: latestRead } }),
    ({ account }) =>
      account && {
        rows: generationsOf(nodes(account.held), nodes(account.latest)),
        // Work of other kinds may have pushed this room's out of what was read.
        isWhole: account.latest.edges.length < latestRead,
      },
  );
  useOnChange(standard?.version ?? null, 2_000, () => void work.again());
  const list = useRef<HTMLDivElement>(null);
  // The card beside shows the work that goes on in this page.
  const ownId = ownHoldOf(generation);
  return (
    <Section id="recent-title" title={t`Latest generations`}>
      <div ref={list} tabIndex={-1} role="group" aria-labelledby="recent-title">
        <Part
          what={t`The latest generations`}
          of={work}
          height={340}
          isEmpty={({ rows }) => rows.length === 0}
          empty={
            <Empty
              icon={<Clapperboard size={20} />}
              title={work.value?.isWhole === true ? t`Nothing generated yet` : t`Nothing generated lately`}
              height={150}
            >
              {t`What you make here is listed with what it cost.`}
            </Empty>
          }
        >
          {({ rows }) => (
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
        </Part>
      </div>
    </Section>
  );
}
