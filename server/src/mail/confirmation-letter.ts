import { isolate } from '../kit/check-text.js';
import type { Letter } from './letter.js';

/** The first mail to an address: nothing else is sent before its link was followed. */
export function confirmationLetter(accountName: string, url: string): Letter {
  const title = 'Please confirm your address';
  return {
    subject: title,
    title,
    sentences: [
      `Mails about the account ${isolate(accountName)} are to be sent to this address. Confirm that you want them.`,
      'If you do not know of this, do nothing: no other mail is sent before the address is confirmed. The link works for seven days.',
    ],
    figures: [],
    action: { label: 'Confirm this address', url },
  };
}
