import { badUserInput } from './errors.js';

const UNSTORABLE = /[\0\p{Surrogate}]/u;

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
 * Checks a name: 1 to `max` characters that a database can hold.
 *
 * @throws BAD_USER_INPUT naming the field
 */
export function checkName(field: string, text: string, max: number): void {
  checkStorable(field, text);
  if (text === '' || !isAtMost(text, max)) throw badUserInput(field, `${field} must have 1 to ${max} characters.`);
}
