import { formatId } from '@aibc/shared/ids';
import { grouped } from '../../kit/grouped.js';
import type { VerifyReport } from './verify.js';

/** Whether the books are proven right: an empty database proves nothing. */
export function isProven({ accounts, problems }: VerifyReport): boolean {
  return accounts > 0 && problems.length === 0;
}

/** A report for a person: each problem, then what was read and the first account that something is wrong with. */
export function describeReport(report: VerifyReport): readonly string[] {
  const { accounts, entries, problems, firstWrong, notes } = report;
  const read = `${countOf(accounts, 'account')}, ${countOf(entries, 'entry', 'entries')}`;
  const first =
    firstWrong === null ? '' : `, the first account that differs is ${formatId('acct', firstWrong)} (${firstWrong})`;
  const verdict = isProven(report)
    ? 'the books are right'
    : problems.length === 0
      ? 'nothing is proven, since there is no account'
      : `${countOf(problems.length, 'problem')}${first}`;
  return [...problems, ...notes.map((note) => `(${note})`), `${read}: ${verdict}`];
}

function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
