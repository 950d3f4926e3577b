import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import type { BudgetFieldsFragment } from '../../gql/budgets.js';
import { formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Figure } from '../../ui/Figure.js';
import { Instant } from '../../ui/Instant.js';
import { formatRemaining } from '../../ui/time.js';
import { useWaiting } from '../../ui/waiting.js';
import { LeftBar } from './LeftBar.js';
import { MemberUses } from './MemberUses.js';
import { aboutOf, standOf } from './words.js';
import styles from './BudgetRow.module.css';

type Props = {
  budget: BudgetFieldsFragment;
  viewerId: string;
  /** Whether the viewer may change it; who may not is told who can. */
  mayChange: boolean;
  /** Whether the address points at it. */
  isMeant: boolean;
  onChange: () => void;
  onRemove: () => Promise<string | null>;
};

/** One budget: what it is about, what is left of it, when it starts anew, and what one can do. */
export function BudgetRow({ budget, viewerId, mayChange, isMeant, onChange, onRemove }: Props) {
  const { id, name } = budget;
  return (
    <li
      id={id}
      className={styles.row}
      tabIndex={-1}
      aria-label={name}
      data-budget={id}
      data-meant={isMeant ? '' : undefined}
      data-stand={standOf(budget)}
    >
      <div className={styles.top}>
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <Stand budget={budget} />
      </div>
      <p className={styles.about}>{aboutOf(budget, viewerId).join(' · ')}</p>
      <LeftBar label={name} use={budget} />
      <Figures budget={budget} mayChange={mayChange} />
      <Refuses budget={budget} mayChange={mayChange} />
      {budget.eachMember && mayChange && <MemberUses budget={budget} viewerId={viewerId} />}
      {mayChange && <Actions budget={budget} onChange={onChange} onRemove={onRemove} />}
    </li>
  );
}

/** What it does at its limit, and whether it is there. */
function Stand({ budget }: { budget: BudgetFieldsFragment }) {
  const stand = standOf(budget);
  if (budget.setAside) return null;
  const word = stand === 'ok' ? null : stand === 'low' ? t`Nearly used up` : t`Used up`;
  return (
    <span className={styles.stand} data-tone={stand}>
      <span>{budget.hard ? t`Refuses at its limit` : t`Only warns`}</span>
      {word !== null && <strong>{word}</strong>}
    </span>
  );
}

function Figures({ budget, mayChange }: Pick<Props, 'budget' | 'mayChange'>) {
  const { id, consumed, held, remaining } = budget;
  return (
    <dl className={styles.figures}>
      <div>
        <dt className="visually-hidden">{t`Left`}</dt>
        <dd>
          <Figure of={id} value={remaining} unit={leftLabel(budget, mayChange)} size="title" mark="left" />
        </dd>
      </div>
      <div>
        <dt>{t`used`}</dt>
        <dd data-used>{formatCredits(consumed)}</dd>
      </div>
      {held > 0 && (
        <div>
          <dt>{t`on hold`}</dt>
          <dd data-held>{formatCredits(held)}</dd>
        </div>
      )}
      <StartsAnew budget={budget} />
    </dl>
  );
}

/** What the figure is left of, and whose it is where every member has an own. */
function leftLabel({ limit, creditType, eachMember, setAside }: BudgetFieldsFragment, mayChange: boolean): string {
  const of = creditsOfInWords(limit, creditType);
  if (setAside) return t`still kept of ${of}`;
  if (!eachMember) return t`left of ${of}`;
  return mayChange ? t`left of ${of} for whoever has used most` : t`left of ${of} for you`;
}

function StartsAnew({ budget: { resetsAt } }: { budget: BudgetFieldsFragment }): ReactNode {
  const { now } = useAccount();
  if (resetsAt === null) return <div className={styles.when}>{t`Does not start anew`}</div>;
  const at = Date.parse(resetsAt);
  return (
    <div className={styles.when}>
      <dt>{t`starts anew`}</dt>
      <dd>
        <Instant at={at} />
        {now !== null && at > now && <span>{t`, in ${formatRemaining(at - now)}`}</span>}
      </dd>
    </div>
  );
}

/** What a budget that is used up means for whoever looks, and what helps. */
function Refuses({ budget, mayChange }: { budget: BudgetFieldsFragment; mayChange: boolean }) {
  if (budget.setAside || budget.remaining > 0) return null;
  const until = budget.resetsAt === null ? null : <Instant at={Date.parse(budget.resetsAt)} />;
  return (
    <p className={styles.refuses} data-refuses>
      <span>{refusedWords(budget, mayChange)}</span>{' '}
      {budget.hard && until !== null && (
        <>
          <span>{t`It starts again:`}</span> {until}.{' '}
        </>
      )}
      {budget.hard && (
        <span>{mayChange ? t`Raise the limit to go on now.` : t`An owner of the account can raise the limit.`}</span>
      )}
    </p>
  );
}

function refusedWords({ hard, eachMember }: BudgetFieldsFragment, mayChange: boolean): string {
  if (!hard) return t`Work goes on: this budget refuses nothing.`;
  return eachMember && mayChange
    ? t`Work of this kind does not start now for whoever has used it up.`
    : t`Work of this kind does not start now, unless it costs nothing.`;
}

/** Whoever asked to remove it goes on at the question. */
const focusOn = (button: HTMLButtonElement | null): void => button?.focus();

function Actions({ budget, onChange, onRemove }: Pick<Props, 'budget' | 'onChange' | 'onRemove'>) {
  const waiting = useWaiting();
  const [step, setStep] = useState<'none' | 'asked' | 'removing'>('none');
  const [problem, setProblem] = useState<string | null>(null);
  const { name } = budget;
  const remove = async (): Promise<void> => {
    setStep('removing');
    const failed = await onRemove();
    if (failed === null) return;
    setProblem(failed);
    setStep('asked');
  };
  if (step === 'none')
    return (
      <div className={styles.actions}>
        <Button tone="quiet" onClick={onChange} aria-label={t`Change ${name}`}>
          {t`Change`}
        </Button>
        <Button tone="quiet" onClick={() => setStep('asked')} aria-label={t`Remove ${name}`}>
          {t`Remove`}
        </Button>
      </div>
    );
  return (
    <div className={styles.confirm} role="group" aria-label={t`Remove ${name}`}>
      <p>
        {budget.setAside
          ? t`Remove it for good? What it keeps is free for all work at once.`
          : t`Remove it for good? What is on hold stays on hold; nothing is limited by it any more.`}
      </p>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button ref={focusOn} onClick={() => void remove()} aria-disabled={step === 'removing' || waiting !== null}>
          {step === 'removing' ? t`Removing` : t`Remove for good`}
        </Button>
        <Button tone="quiet" onClick={() => setStep('none')}>
          {t`Keep it`}
        </Button>
      </div>
    </div>
  );
}
