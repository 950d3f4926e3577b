import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { type ActionKind, asKept } from './action-kind.js';

type GrantCreated = {
  /** uuid. */
  readonly grantId: string;
  readonly credits: number;
  readonly creditType: string;
  readonly source: string;
  /** Epoch milliseconds; null: never. */
  readonly expiresAt: number | null;
  readonly reason: string;
};

/** An operator gave credits. */
export const GRANT_CREATED: ActionKind<GrantCreated> = {
  formats: [asKept],
  describe: ({ credits, creditType, source, expiresAt, reason }) =>
    `Granted ${grouped(credits)} ${creditType === 'SCAN' ? 'scan ' : ''}credit${credits === 1 ? '' : 's'} as ${source}, ${
      expiresAt === null ? 'which never expire' : `until ${new Date(expiresAt).toISOString()}`
    }: ${isolate(reason)}`,
};
