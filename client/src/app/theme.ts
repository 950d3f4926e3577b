import { readStored, writeStored } from '../ui/stored.js';

const key = 'credits.theme';
export type Theme = 'system' | 'light' | 'dark';

/** The theme that was chosen in this browser; of the system when none was. */
export function storedTheme(): Theme {
  const theme = readStored(key);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Shows the page in a theme, and keeps it for later visits; the script before the first paint reads it. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  writeStored(key, theme);
}
