import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { SetLevelsDocument } from '../../gql/warnings.js';
import type { CreditType } from '../../gql/warnings.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { Button } from '../../ui/Button.js';
import { useWaiting } from '../../ui/waiting.js';
import { Armed, levelName } from './LevelList.js';
import { RuleFields } from './RuleFields.js';
import { draftsOf, faultOf, inputOf } from './levels.js';
import type { Rule, RuleDraft } from './levels.js';
import styles from './Levels.module.css';

type Props = { creditType: CreditType; rules: readonly Rule[]; again: () => Promise<unknown> };

/** The rules as an owner changes them; what another owner changed meanwhile is shown until one begins to write. */
export function LevelForm({ creditType, rules, again }: Props) {
  const waiting = useWaiting();
  const [written, setWritten] = useState<RuleDraft[] | null>(null);
  const { save, problem, isSaving } = useSave(creditType, again, () => setWritten(null));
  const drafts = written ?? draftsOf(rules);
  const empty = rules.find(({ level }) => level === 'EMPTY');
  const change = (at: number, next: RuleDraft | null): void =>
    setWritten(drafts.flatMap((each, index) => (index === at ? (next ?? []) : each)));
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isSaving && waiting === null && drafts.every((draft) => faultOf(draft) === null)) void save(drafts);
  };
  return (
    <form onSubmit={submit} noValidate data-levels>
      <ul className={styles.rules}>
        {drafts.map((draft, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <RuleFields draft={draft} onChange={(next) => change(index, next)} />
            {written === null && <SavedRule rule={ruleOf(rules, index)} />}
          </li>
        ))}
        {empty !== undefined && (
          <li className={styles.read}>
            <strong>{levelName('EMPTY')}</strong>
            <span>{t`when nothing is left: always`}</span>
            <Armed rule={empty} />
          </li>
        )}
      </ul>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        {written !== null && (
          <>
            <Button type="submit" tone="main" aria-disabled={isSaving || waiting !== null}>
              {isSaving ? t`Saving` : t`Save the levels`}
            </Button>
            <Button onClick={() => setWritten(null)}>{t`Leave them as they were`}</Button>
          </>
        )}
        {drafts.length < levelsMax && (
          <Button onClick={() => setWritten([...drafts, { level: 'LOW', amount: '', unit: 'credits' }])}>
            {t`Add a level`}
          </Button>
        )}
      </div>
    </form>
  );
}

/** The server takes six of them, and one is that of nothing left. */
const levelsMax = 5;

const ruleOf = (rules: readonly Rule[], index: number): Rule | undefined =>
  rules.filter(({ level }) => level !== 'EMPTY')[index];

function SavedRule({ rule }: { rule: Rule | undefined }) {
  if (rule === undefined) return null;
  const at = creditsOfInWords(rule.threshold, rule.creditType);
  return (
    <p className={styles.saved}>
      {rule.percent !== null && <span>{t`now ${at}`}</span>}
      <Armed rule={rule} />
    </p>
  );
}

function useSave(creditType: CreditType, again: () => Promise<unknown>, onSaved: () => void) {
  const client = useApolloClient();
  const announcer = useAnnouncer();
  const { accountId } = useAccount();
  const [isSaving, setIsSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (drafts: readonly RuleDraft[]): Promise<void> => {
    setIsSaving(true);
    setProblem(null);
    try {
      const variables = { input: { accountId, creditType, levels: [...drafts.map(inputOf), nothingLeft] } };
      const { data } = await untilAnswered(() => client.mutate({ mutation: SetLevelsDocument, variables }));
      const result = data?.setLowBalanceLevels;
      if (result?.__typename === 'InvalidAmount') return setProblem(result.message);
      await again();
      announcer.now(t`The levels are saved.`);
      onSaved();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setIsSaving(false);
    }
  };
  return { save, problem, isSaving };
}

const nothingLeft = { level: 'EMPTY', percent: null, credits: null } as const;
