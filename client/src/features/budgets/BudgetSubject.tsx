import { t } from '@lingui/core/macro';
import { useId } from 'react';
import { useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { BudgetSubjectsDocument } from '../../gql/budgets.js';
import type { BudgetSubjectsQuery, CreditType, Feature, OperationType } from '../../gql/budgets.js';
import { Field, Options, Select } from '../../ui/Field.js';
import { addDays, localDate } from '../../ui/time.js';
import type { Draft, Faults, Whom } from './draft.js';
import { featureNames, typeNames } from '../../domain/work-kinds.js';
import { windowNames } from './words.js';
import styles from './BudgetForm.module.css';

type Props = { draft: Draft; faults: Faults; onChange: (part: Partial<Draft>) => void };

const any = 'any';
type Any = typeof any;
/** As far back as members and projects are looked for, to be chosen from. */
const daysBack = 90;

/** What a new budget is about: which work, whose, of which credits, and how long what is used counts. */
export function BudgetSubject({ draft, faults, onChange }: Props) {
  const { projects, members } = useSubjects();
  const [projectList, memberList] = [useId(), useId()];
  return (
    <>
      <Work draft={draft} faults={faults} onChange={onChange} projectList={projectList} />
      <Options
        legend={t`Whose work`}
        value={draft.whom}
        options={whoms(draft.setAside)}
        onChoose={(whom) => onChange({ whom })}
      />
      {draft.whom === 'one' && (
        <Field label={t`Member`} problem={faults.member} help={t`As your sign-in names them`}>
          {(control) => (
            <input
              {...control}
              list={memberList}
              value={draft.member}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => onChange({ member: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <Suggested id={projectList} values={projects} />
      <Suggested id={memberList} values={members} />
    </>
  );
}

/** Which work, of which credits, in which span of time. */
function Work({ draft, faults, onChange, projectList }: Props & { projectList: string }) {
  return (
    <div className={styles.pair}>
      <Field label={t`Kind of work`}>
        {(control) => (
          <Select
            control={control}
            names={new Map<OperationType | Any, string>([[any, t`Any kind`], ...typeNames()])}
            value={draft.type ?? any}
            onChoose={(type) => onChange({ type: type === any ? null : type })}
          />
        )}
      </Field>
      <Field label={t`Part of the platform`}>
        {(control) => (
          <Select
            control={control}
            names={new Map<Feature | Any, string>([[any, t`Any part`], ...featureNames()])}
            value={draft.feature ?? any}
            onChoose={(feature) => onChange({ feature: feature === any ? null : feature })}
          />
        )}
      </Field>
      <Field label={t`Project`} problem={faults.project} help={t`Empty: any project`}>
        {(control) => (
          <input
            {...control}
            list={projectList}
            value={draft.project}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => onChange({ project: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t`Counts`} help={t`In the account's time zone`}>
        {(control) => (
          <Select
            control={control}
            names={windowNames()}
            value={draft.window}
            onChoose={(window) => onChange({ window })}
          />
        )}
      </Field>
      <Field label={t`Of which credits`}>
        {(control) => (
          <Select
            control={control}
            names={creditNames()}
            value={draft.creditType}
            onChoose={(creditType) => onChange({ creditType })}
          />
        )}
      </Field>
    </div>
  );
}

function Suggested({ id, values }: { id: string; values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </datalist>
  );
}

const creditNames = (): ReadonlyMap<CreditType, string> =>
  new Map([
    ['STANDARD', t`Credits`],
    ['SCAN', t`Scan credits`],
  ]);

function whoms(isSetAside: boolean): { value: Whom; label: string; help?: string }[] {
  const all = { value: 'all', label: t`Everybody's together` } as const;
  const one = { value: 'one', label: t`One member's` } as const;
  const each = { value: 'each', label: t`Each member's apart`, help: t`Everybody has the whole limit.` } as const;
  return isSetAside ? [all, one] : [all, each, one];
}

/** Projects and members that there was work for lately. */
function useSubjects(): { projects: string[]; members: string[] } {
  const { accountId, details, now } = useAccount();
  const zone = details?.timeZone ?? null;
  const to = zone === null || now === null ? null : localDate(now, zone);
  const variables = { accountId, from: to === null ? '' : addDays(to, -daysBack), to: to ?? '' };
  const { data } = useQuery(BudgetSubjectsDocument, { variables, skip: to === null });
  return { projects: distinct(data, 'project'), members: distinct(data, 'member') };
}

function distinct(data: BudgetSubjectsQuery | undefined, by: 'project' | 'member'): string[] {
  const values = (data?.usage.rows ?? []).flatMap((row) => row[by] ?? []);
  return [...new Set(values)].sort((a, b) => a.localeCompare(b));
}
