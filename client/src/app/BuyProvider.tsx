import { t } from '@lingui/core/macro';
import { Suspense, createContext, use, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { BuyContext, hasLeft } from '../domain/buying.js';
import type { Wanted } from '../domain/buying.js';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';

const importSheet = () => import('../features/billing/BuySheet.js');
const BuySheet = lazily(importSheet);

/** As for the rooms: the sheet then opens at once. */
const fetchSheetMs = 3_000;

const WantedContext = createContext<Wanted | null>(null);

/** Lets every offer within open the sheet in which it is bought. Where that stands, `OpenSheet` says. */
export function BuyProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return (
    <BuyContext value={setWanted}>
      <WantedContext value={wanted}>{children}</WantedContext>
    </BuyContext>
  );
}

/** The sheet that is open, if one is, and what came of the checkout that this tab comes back from. */
export function OpenSheet() {
  const wanted = use(WantedContext);
  const want = use(BuyContext);
  const [isBack] = useState(hasLeft);
  useEffect(() => {
    const timer = setTimeout(() => void importSheet().catch(() => undefined), fetchSheetMs);
    return () => clearTimeout(timer);
  }, []);
  if (wanted === null && !isBack) return null;
  return (
    <RoomBoundary what={t`The sheet`}>
      <Suspense fallback={null}>
        <BuySheet wanted={wanted} isBack={isBack} onClose={() => want(null)} />
      </Suspense>
    </RoomBoundary>
  );
}
