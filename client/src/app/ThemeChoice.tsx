import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { Segment } from '../ui/Segment.js';
import { chooseTheme, storedTheme } from './theme.js';
import type { Theme } from './theme.js';

const names = (): ReadonlyMap<Theme, string> =>
  new Map([
    ['system', t`System`],
    ['light', t`Light`],
    ['dark', t`Dark`],
  ]);

/** System, light or dark, all three in sight. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  return (
    <Segment
      label={t`Theme`}
      names={names()}
      value={theme}
      onChoose={(next) => {
        chooseTheme(next);
        setTheme(next);
      }}
    />
  );
}
