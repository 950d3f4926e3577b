import type { Messages } from '@lingui/core';
import { language } from '../ui/language.js';
import { learn } from './words.js';

/** What each translated catalogue brings, by its file; English comes with the code that needs it. */
const translated = import.meta.glob<{ messages: Messages }>(['./*/*.po', '!./en/*.po']);

/**
 * Adds the page's translation of a catalogue, once it has arrived; nothing to wait for in English.
 *
 * @param catalogue  name of its file, without its end
 */
export async function translate(catalogue: string): Promise<void> {
  const load = translated[`./${language}/${catalogue}.po`];
  if (load !== undefined) learn((await load()).messages);
}
