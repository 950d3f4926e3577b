import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { Plus } from 'lucide-react';
import type { BudgetFieldsFragment } from '../../gql/budgets.js';
import { Button } from '../../ui/Button.js';
import { Section } from '../../ui/Section.js';
import { Way } from '../../ui/Way.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { BudgetForm } from './BudgetForm.js';
import { BudgetRow } from './BudgetRow.js';
import { draftOf, newDraft } from './draft.js';
import { budgetsSearch } from './filters.js';
import { useRemoveBudget } from './useSetBudget.js';
import { aboutOf } from './words.js';
import styles from './BudgetList.module.css';

type Kind = 'cap' | 'setAside';
type Props = {
  kind: Kind;
  budgets: readonly BudgetFieldsFragment[];
  viewerId: string;
  mayChange: boolean;
  again: () => Promise<unknown>;
};

/** What the two kinds are called and what each is for. */
const wordsOf = (kind: Kind) =>
  kind === 'cap'
    ? {
        title: t`Limits`,
        why: t`A limit says what some work may cost in a while: everybody's together, each member's, or one member's.`,
        add: t`New budget`,
        none: t`Nothing is limited: any work may use all that is left.`,
      }
    : {
        title: t`Set aside`,
        why: t`Credits that are set aside can be used by their project or member only. They stay where they are and are counted here.`,
        add: t`Set credits aside`,
        none: t`Nothing is set aside: any work may use all that is left.`,
      };

/** The budgets of one kind, with the form of the one that is being written in its place. */
export function BudgetList({ kind, budgets, viewerId, mayChange, again }: Props) {
  const { title, why, add, none } = wordsOf(kind);
  const [{ budget: meant }] = useSearchOf(budgetsSearch);
  /** The id of the one that is being changed, `new`, or null. */
  const [open, setOpen] = useState<string | null>(null);
  const { list, goTo } = useRows();
  useArrival(meant, budgets, goTo);
  const close = (to: string): void => {
    setOpen(null);
    goTo(to);
  };
  const id = `budgets-${kind}`;
  return (
    <div ref={list} data-budgets={kind}>
      <Section
        id={id}
        title={title}
        aside={
          mayChange &&
          open !== 'new' && (
            <span>
              <Button onClick={() => setOpen('new')} data-row="new">
                <Plus size={16} aria-hidden="true" /> <span>{add}</span>
              </Button>
            </span>
          )
        }
      >
        <p className={styles.why}>
          <span>{why}</span> <Way to="/help?question=budget">{t`How budgets work`}</Way>
        </p>
        {open === 'new' && (
          <div className={styles.form}>
            <BudgetForm
              start={newDraft(kind === 'setAside')}
              about={null}
              again={again}
              onSaved={close}
              onClose={() => close('new')}
            />
          </div>
        )}
        {budgets.length === 0 ? (
          open === null && <p className={styles.none}>{none}</p>
        ) : (
          <Rows
            titledBy={id}
            budgets={budgets}
            viewerId={viewerId}
            mayChange={mayChange}
            again={again}
            open={open}
            meant={meant}
            onOpen={setOpen}
            onClose={close}
          />
        )}
      </Section>
    </div>
  );
}

type RowsProps = Omit<Props, 'kind'> & {
  titledBy: string;
  open: string | null;
  meant: string;
  onOpen: (id: string) => void;
  onClose: (to: string) => void;
};

function Rows({ titledBy, budgets, viewerId, mayChange, again, open, meant, onOpen, onClose }: RowsProps) {
  const remove = useRemoveBudget(again);
  return (
    <ul className={styles.list} aria-labelledby={titledBy}>
      {budgets.map((budget) =>
        open === budget.id ? (
          <li key={budget.id}>
            <BudgetForm
              start={draftOf(budget)}
              about={aboutOf(budget, viewerId).join(' · ')}
              again={again}
              onSaved={onClose}
              onClose={() => onClose(budget.id)}
            />
          </li>
        ) : (
          <BudgetRow
            key={budget.id}
            budget={budget}
            viewerId={viewerId}
            mayChange={mayChange}
            isMeant={budget.id === meant}
            onChange={() => onOpen(budget.id)}
            onRemove={async () => {
              const problem = await remove(budget);
              if (problem === null) onClose('new');
              return problem;
            }}
          />
        ),
      )}
    </ul>
  );
}

/** Finds rows to go on in once they are drawn: whoever saved, closed or removed one stays where it was. */
function useRows() {
  const list = useRef<HTMLDivElement>(null);
  const [goTo] = useState(() => (id: string): void => {
    requestAnimationFrame(() => {
      if (list.current === null) return;
      const rows = [...list.current.querySelectorAll<HTMLElement>('[data-budget], [data-row]')];
      const row = rows.find(({ dataset }) => dataset['budget'] === id || dataset['row'] === id);
      row?.focus();
      row?.scrollIntoView({ block: 'nearest' });
    });
  });
  return { list, goTo };
}

/** An address that means one budget leads to its row, once. */
function useArrival(meant: string, budgets: readonly BudgetFieldsFragment[], goTo: (id: string) => void): void {
  const isThere = budgets.some(({ id }) => id === meant);
  useEffect(() => {
    if (isThere) goTo(meant);
  }, [isThere, meant, goTo]);
}
