import { useEffect } from 'react';
import { Page } from '../../ui/Page.js';
import { messages } from '../../words/en/BillingRoom.po';
import { learn } from '../../words/words.js';
import { Credits } from './Credits.js';
import { PackOffers } from './PackOffers.js';
import { PayingBySelf } from './PayingBySelf.js';
import { Periods } from './Periods.js';
import { PlanPart } from './PlanPart.js';
import { Questions } from './Questions.js';
import { Receipts } from './Receipts.js';
import { ScanCredits } from './ScanCredits.js';

learn(messages);

/** What one has and how to have more: credits, packs, the plan, auto top-up with its card, receipts, and the periods that sum to them. */
export default function BillingRoom() {
  useSectionOfAddress();
  return (
    <Page
      shape="settings"
      aside={
        <>
          <PlanPart />
          <ScanCredits />
          <Questions />
        </>
      }
    >
      <Credits />
      <PackOffers />
      <PayingBySelf />
      <Receipts />
      <Periods />
    </Page>
  );
}

/** `/billing#plan` opens the room at that section; what is read later may push it, so it is found once more when that is there. */
function useSectionOfAddress(): void {
  useEffect(() => {
    const find = (): void => document.getElementById(location.hash.slice(1))?.scrollIntoView();
    if (location.hash === '') return;
    find();
    const timer = setTimeout(find, 600);
    window.addEventListener('hashchange', find);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('hashchange', find);
    };
  }, []);
}
