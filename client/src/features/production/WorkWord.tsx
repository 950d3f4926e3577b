import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { isUnderWay } from './generation.js';
import { useWork } from './GenerationProvider.js';

/** The room's name; while work goes on there and one is elsewhere, that it does. */
export function WorkWord({ isCurrent, children }: { isCurrent: boolean; children: ReactNode }) {
  const { generation } = useWork();
  if (isCurrent || !isUnderWay(generation)) return <span>{children}</span>;
  return (
    <span data-generating>
      <span className="visually-hidden">{children}: </span>
      <span>{t`Generating…`}</span>
    </span>
  );
}
