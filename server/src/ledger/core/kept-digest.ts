/** What is kept under a key, as it lies in the journal. */
interface KeptText {
  readonly scope: string;
  readonly key: string;
  readonly input: string;
  readonly outcome: string;
  readonly reservationId: string | null;
}

function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index++) mixed = Math.imul(mixed ^ text.charCodeAt(index), 16_777_619);
  // No character code is as large, so this marks where one text ends and the next begins.
  return Math.imul(mixed ^ 0x1_0000, 16_777_619);
}

/**
 * A 32-bit sum (FNV-1a) of one kept answer. All of an account's, XORed in any order, are `ledger_account.kept_digest`: an answer that is
 * lost or changed shows, though a refusal has no place among the entry groups.
 *
 * Migration 1700000006100 holds a copy. Source: docs/decisions/kept-digest.md
 */
export function digestOfKept({ scope, key, input, outcome, reservationId }: KeptText): number {
  return mix(mix(mix(mix(mix(-2_128_831_035, scope), key), input), outcome), reservationId ?? '');
}
