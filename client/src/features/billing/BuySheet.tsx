import type { Wanted } from '../../domain/buying.js';
import { messages } from '../../words/en/BuySheet.po';
import { learn } from '../../words/words.js';
import { PackSheet } from './PackSheet.js';
import { PlanSheet } from './PlanSheet.js';
import { Returned } from './Returned.js';

learn(messages);

type Props = {
  /** What is being bought. */
  wanted: Wanted | null;
  /** Whether this tab comes back from a checkout. */
  isBack: boolean;
  onClose: () => void;
};

/** The sheet in which something is bought, and what came of it; fetched when it is needed first. */
export default function BuySheet({ wanted, isBack, onClose }: Props) {
  return (
    <>
      {wanted?.kind === 'pack' && <PackSheet wanted={wanted} onClose={onClose} />}
      {wanted?.kind === 'plan' && <PlanSheet code={wanted.code} onClose={onClose} />}
      {isBack && <Returned />}
    </>
  );
}
