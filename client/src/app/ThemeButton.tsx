import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { Monitor, Moon, Sun } from 'lucide-react';
import { readStored, writeStored } from '../ui/stored.js';
import styles from './ThemeButton.module.css';

const key = 'credits.theme';
type Theme = 'system' | 'light' | 'dark';
const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const shapes = { system: Monitor, light: Sun, dark: Moon };
const names: Record<Theme, () => string> = {
  system: () => t`Follows the system`,
  light: () => t`Light`,
  dark: () => t`Dark`,
};

function stored(): Theme {
  const theme = readStored(key);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/**
 * System, light, dark, in turn; the choice is kept.
 *
 * @param isNamed  says in words what is chosen, where there is room for it
 */
export function ThemeButton({ isNamed = false }: { isNamed?: boolean }) {
  const [theme, setTheme] = useState<Theme>(stored);
  const Shape = shapes[theme];
  const choose = (): void => {
    const chosen = next[theme];
    if (chosen === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
    writeStored(key, chosen);
    setTheme(chosen);
  };
  const name = t`Theme: ${names[theme]()}. Change to: ${names[next[theme]]()}`;
  return (
    <button type="button" className={styles.button} onClick={choose} aria-label={name} title={name}>
      <Shape size={17} aria-hidden="true" />
      {isNamed && <span aria-hidden="true">{t`Theme: ${names[theme]().toLowerCase()}`}</span>}
    </button>
  );
}
