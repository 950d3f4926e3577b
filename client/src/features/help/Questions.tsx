import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Section } from '../../ui/Section.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { Cost, Empty, Packs, Plans, Refund, Scans } from './Sold.js';
import { Budget, Failed, Hold, Order, Renewal, Warned } from './Own.js';
import type { Facts } from './facts.js';
import { helpSearch, questionNames } from './filters.js';
import type { QuestionName } from './filters.js';
import styles from './Help.module.css';

/** The questions, each opening its answer; the address opens one, and follows what is open. */
export function Questions(given: Facts) {
  const [{ question }, choose] = useSearchOf(helpSearch);
  return (
    <Section id="questions-title" title={t`Questions about credits`}>
      <div data-help>
        {questionNames.map((name) => {
          const { asked, answer } = questionOf(name, given);
          return (
            <details
              key={name}
              className={styles.question}
              open={name === question}
              onToggle={({ currentTarget: { open } }) => {
                if (open && name !== question) choose({ question: name });
                if (!open && name === question) choose({ question: 'none' });
              }}
              data-question={name}
            >
              <summary>{asked}</summary>
              <div className={styles.answer}>{answer}</div>
            </details>
          );
        })}
      </div>
    </Section>
  );
}

function questionOf(name: QuestionName, given: Facts): { asked: string; answer: ReactNode } {
  switch (name) {
    case 'cost':
      return { asked: t`What does what cost?`, answer: <Cost {...given} /> };
    case 'order':
      return { asked: t`Which of my credits are used first?`, answer: <Order {...given} /> };
    case 'renewal':
      return { asked: t`When do I get new credits, and what becomes of the rest?`, answer: <Renewal {...given} /> };
    case 'hold':
      return { asked: t`What is “on hold”?`, answer: <Hold {...given} /> };
    case 'failed':
      return { asked: t`Do I pay for work that failed?`, answer: <Failed /> };
    case 'empty':
      return { asked: t`What can I do when no credits are left?`, answer: <Empty {...given} /> };
    case 'packs':
      return { asked: t`What can be bought, and for how long is it good?`, answer: <Packs {...given} /> };
    case 'refund':
      return { asked: t`Can I give back what I bought?`, answer: <Refund {...given} /> };
    case 'plans':
      return { asked: t`What do the plans give?`, answer: <Plans {...given} /> };
    case 'scans':
      return { asked: t`What are scan credits?`, answer: <Scans {...given} /> };
    case 'budget':
      return { asked: t`Why does a budget refuse my work?`, answer: <Budget /> };
    case 'warned':
      return { asked: t`When am I warned, and how often?`, answer: <Warned /> };
  }
}
