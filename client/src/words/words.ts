import { i18n } from '@lingui/core';
import type { Messages } from '@lingui/core';
import { language } from '../ui/language.js';

/**
 * Adds a catalogue: the page's own before the first screen is drawn, a room's with its code.
 *
 * What is looked up before it is there reads as its id, so a file that is fetched later learns its words as it is loaded.
 * English stands in until a translation is there, and for a sentence that has none.
 */
export function learn(messages: Messages): void {
  i18n.load(language, messages);
  if (i18n.locale !== language) i18n.activate(language);
}
