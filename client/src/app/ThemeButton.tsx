import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { Monitor, Moon, Sun } from 'lucide-react';
import { chooseTheme, storedTheme } from './theme.js';
import type { Theme } from './theme.js';
import styles from './ThemeButton.module.css';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const shapes = { system: Monitor, light: Sun, dark: Moon };
const names: Record<Theme, () => string> = {
  system: () => t`Follows the system`,
  light: () => t`Light`,
  dark: () => t`Dark`,
};

/** System, light, dark, in turn, where there is no room for all three; the choice is kept. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const Shape = shapes[theme];
  const choose = (): void => {
    const chosen = next[theme];
    chooseTheme(chosen);
    setTheme(chosen);
  };
  const name = t`Theme: ${names[theme]()}. Change to: ${names[next[theme]]()}`;
  return (
    <button type="button" className={styles.button} onClick={choose} aria-label={name} title={name}>
      <Shape size={17} aria-hidden="true" />
    </button>
  );
}
