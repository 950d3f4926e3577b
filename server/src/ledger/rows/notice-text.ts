import { objectFromText } from '../../kit/format-version.js';
import type { ExpiryNotice } from '../core/state.js';
import type { TextForm } from './describe-row.js';

/** Readers of the last notice of an account, one for each version of the format. Versions: docs/upgrades.md */
const NOTICES: readonly ((kept: ExpiryNotice) => ExpiryNotice)[] = [(kept) => kept];

/** JSON: it changes seldom, and few accounts have one. */
export const NOTICE_TEXT: TextForm<ExpiryNotice> = {
  toText: (notice) => JSON.stringify(notice),
  fromText: noticeFromText,
};

/** @throws UnknownFormat for a version that this program does not know */
export function noticeFromText(text: string): ExpiryNotice {
  return objectFromText('expiry notices', text, NOTICES);
}
