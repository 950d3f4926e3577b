import { badUserInput } from './errors.js';

/** What nearly all ids and names are: visible ASCII, spaces inside. Nothing else has to be asked of it. */
const PLAIN = /^[!-~][ -~]*$/;
const UNSTORABLE = /[\0\p{Surrogate}]/u;
/** Line breaks and tabs among them: a name is one line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** Marks, embeddings, overrides and isolates, which make text around them read otherwise than it is written. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** What leaves no ink on a screen, alone or together. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}\u2800]*$/u;
/** Letters and digits that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Whether a database column can hold a text: no NUL characters, no halves of surrogate pairs. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/**
 * Refuses text that no database column can hold.
 *
 * @throws BAD_USER_INPUT naming the field
 */
export function checkStorable(field: string, text: string): void {
  if (!isStorable(text)) throw badUserInput(field, `${field} holds a NUL character or half of a surrogate pair.`);
}

/**
 * Whether people see a text as it is written: something visible, no control and no direction characters.
 *
 * The one rule for all that people type and others read. Joiners inside words and emoji are no such characters.
 */
export function isVisible(text: string): boolean {
  if (PLAIN.test(text)) return true;
  return isStorable(text) && !CONTROL.test(text) && !DIRECTION.test(text) && !INVISIBLE.test(text);
}

/**
 * Checks a text that others will read; its length is the caller's business.
 *
 * @throws BAD_USER_INPUT naming the field
 */
export function checkVisible(field: string, text: string): void {
  if (PLAIN.test(text)) return;
  checkStorable(field, text);
  if (CONTROL.test(text))
    throw badUserInput(field, `${field} holds a control character, such as a tab or a line break.`);
  if (DIRECTION.test(text))
    throw badUserInput(field, `${field} holds a character that changes the direction of writing.`);
  if (INVISIBLE.test(text)) throw badUserInput(field, `${field} holds nothing that can be seen.`);
}

/** A text in the one spelling that Unicode composes (NFC), so that what looks the same is the same. */
export function composed(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC');
}

/** Length in characters as people and the database count them (code points, not UTF-16 units). */
export function charsOf(text: string): number {
  let chars = 0;
  for (const _ of text) chars += 1;
  return chars;
}

/** Whether text has at most `max` characters. */
export function isAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= max * 2 && charsOf(text) <= max);
}

/**
 * Checks an id that a platform or a program gave: 1 to `max` characters that can be seen. It is kept as it came.
 *
 * @throws BAD_USER_INPUT naming the field
 */
export function checkName(field: string, text: string, max: number): void {
  checkStorable(field, text);
  if (text === '' || !isAtMost(text, max)) throw badUserInput(field, `${field} must have 1 to ${max} characters.`);
  checkVisible(field, text);
}

/**
 * A name that a person typed: 1 to `max` characters that can be seen, composed.
 *
 * @throws BAD_USER_INPUT naming the field
 */
export function readName(field: string, text: string, max: number): string {
  const name = composed(text);
  checkName(field, name, max);
  return name;
}

/**
 * What somebody typed, for a sentence of another direction: between FSI and PDI where it may run from right to left, so that the
 * words and numbers around it stay where they are.
 */
export function isolate(text: string): string {
  // Old texts may hold what is refused today, which would end the isolation early.
  const plain = text.replace(DIRECTIONS, '');
  return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}
