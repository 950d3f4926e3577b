import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { type ActionKind, asKept } from './action-kind.js';

type GrantRevoked = {
  /** uuid. */
  readonly grantId: string;
  /** What was taken back at once. */
  readonly credits: number;
  /** What holds had of it then: what they give back is taken back later. */
  readonly held: number;
  readonly creditType: string;
  readonly source: string;
  readonly reason: string;
};

/** An operator took back what was left of a grant. */
export const GRANT_REVOKED: ActionKind<GrantRevoked> = {
  formats: [asKept],
  describe: ({ credits, held, creditType, source, reason }) =>
    `Took back ${grouped(credits)} ${creditType === 'SCAN' ? 'scan ' : ''}credit${credits === 1 ? '' : 's'} of a grant of ${source}${
      held === 0 ? '' : `, and what holds give back of ${grouped(held)} more`
    }: ${isolate(reason)}`,
};
