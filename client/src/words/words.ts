import { i18n } from '@lingui/core';
import type { Messages } from '@lingui/core';

/** The language of the page's sentences. */
const language = 'en';

/**
 * Adds a catalogue: the page's own before the first screen is drawn, a room's with its code.
 *
 * What is looked up before it is there reads as its id, so a file that is fetched later learns its words as it is loaded.
 */
export function learn(messages: Messages): void {
  i18n.load(language, messages);
  if (i18n.locale !== language) i18n.activate(language);
}
