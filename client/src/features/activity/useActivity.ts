import { useState } from 'react';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { messageOf } from '../../apollo/retry.js';
import { ActivityEntriesDocument } from '../../gql/operations.js';
import type { ActivityEntriesQuery, CreditType, EntryFilter } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { joined, rowOf } from './rows.js';
import type { ActivityRow } from './rows.js';

export type Asked = { accountId: string; creditType: CreditType | null; filter: EntryFilter | null };

const pageSize = 50;
/** The most that the API gives at once, for a file. */
const filePageSize = 100;

type Page = { rows: ActivityRow[]; next: string | null };

function pageOf(data: ActivityEntriesQuery): Page | null {
  if (data.account === null) return null;
  const { edges, pageInfo } = data.account.entries;
  return { rows: edges.map(({ node }) => rowOf(node)), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export type Activity = {
  /** Newest first, as far back as was asked for. */
  rows: Reading<ActivityRow[]>;
  /** Asks for earlier ones; null when there are none. */
  more: (() => void) | null;
  isAsking: boolean;
  /** Why the earlier ones could not be read; null while they can. */
  problem: string | null;
};

/**
 * The entries that were asked for, live: what is new stands before what was read. One component asks one question; another
 * question is another component (`key`).
 */
export function useActivity(asked: Asked): Activity {
  const client = useApolloClient();
  const [known, setKnown] = useState<Page | null>(null);
  const [seen, setSeen] = useState<ActivityEntriesQuery | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const result = useQuery(ActivityEntriesDocument, {
    variables: { ...asked, first: pageSize, after: null },
    fetchPolicy: 'no-cache',
  });
  const newest = readingOf(result, pageOf);
  if (result.data !== undefined && result.data !== seen && newest.value !== null) {
    setSeen(result.data);
    const rows = known === null ? null : joined(newest.value.rows, known.rows);
    // More came at once than a page holds: what was read of before begins anew.
    setKnown(rows === null ? newest.value : { rows, next: known?.next ?? null });
  }
  const ask = async (after: string): Promise<void> => {
    setIsAsking(true);
    try {
      const page = await readPage(client, asked, pageSize, after);
      setKnown((now) =>
        now === null || now.next !== after ? now : { rows: [...now.rows, ...page.rows], next: page.next },
      );
      setProblem(null);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setIsAsking(false);
    }
  };
  const next = known?.next ?? null;
  return {
    rows: { ...newest, value: known?.rows ?? null },
    more: next === null ? null : () => void ask(next),
    isAsking,
    problem,
  };
}

type Client = ReturnType<typeof useApolloClient>;

async function readPage(client: Client, asked: Asked, first: number, after: string | null): Promise<Page> {
  const { data } = await client.query({
    query: ActivityEntriesDocument,
    variables: { ...asked, first, after },
    fetchPolicy: 'no-cache',
  });
  const page = data === undefined ? null : pageOf(data);
  if (page === null) throw new Error('the account is not there');
  return page;
}

/**
 * Every entry that was asked for, a page after the other, for a file; what is on the screen stays as it is.
 *
 * @param told  how many were read so far; false ends it
 * @returns null when it was ended
 */
export async function readAll(
  client: Client,
  asked: Asked,
  told: (count: number) => boolean,
): Promise<ActivityRow[] | null> {
  const rows: ActivityRow[] = [];
  let after: string | null = null;
  do {
    const page: Page = await readPage(client, asked, filePageSize, after);
    rows.push(...page.rows);
    after = page.next;
    if (!told(rows.length)) return null;
  } while (after !== null);
  return rows;
}
