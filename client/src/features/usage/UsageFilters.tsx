import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { DayWord, Filters, PickWord } from '../../ui/Filters.js';
import { featureNames } from '../../domain/work-kinds.js';
import { dimensionNames, spanNames } from './names.js';
import { usageSearch } from './search.js';
import type { UsageChosen } from './search.js';
import type { Span } from './span.js';

type Props = {
  chosen: UsageChosen;
  choose: (values: Partial<UsageChosen>) => void;
  names: { projects: readonly string[]; members: readonly string[] };
  /** The days that are shown now: where days of one's own begin. */
  span: Span | null;
  today: string;
};

/** All of them, those without one, and each by its name; a name that is only in the address is one of them. */
export function choicesOf(all: string, none: string, names: readonly string[], chosen: string | null) {
  const known = chosen === null || chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return new Map<string | null, string>([[null, all], ['', none], ...known.map((name) => [name, name] as const)]);
}

/** What is shown, as a sentence whose words can be chosen. */
export function UsageFilters({ chosen, choose, names, span, today }: Props) {
  const { by, credits, feature, project, member, only } = chosen;
  const kinds = new Map([
    ['standard', t`Credits`],
    ['scan', t`Scan credits`],
  ] as const);
  const features = new Map<UsageChosen['feature'], string>([['all', t`all features`]]);
  for (const [code, name] of featureNames()) features.set(code, name);
  const isChanged = feature !== 'all' || project !== null || member !== null || only !== null || credits === 'scan';
  const { feature: anyFeature, project: anyProject, member: anyMember, credits: anyCredits } = usageSearch.defaults;
  const clear = (): void =>
    choose({ feature: anyFeature, project: anyProject, member: anyMember, credits: anyCredits, only: null });
  const chooseSpan = (next: UsageChosen['span']): void =>
    choose(
      next === 'custom' && span !== null
        ? { span: next, from: span.from, to: span.to }
        : { span: next, from: null, to: null },
    );
  const kind = (
    <PickWord
      label={t`Which credits`}
      names={kinds}
      value={credits}
      onChoose={(next) => choose({ credits: next, only: null })}
    />
  );
  const dimension = (
    <PickWord
      label={t`Told apart by`}
      names={dimensionNames()}
      value={by}
      onChoose={(next) => choose({ by: next, only: null })}
    />
  );
  const days = <PickWord label={t`Which days`} names={spanNames()} value={chosen.span} onChoose={chooseSpan} />;
  const part = (
    <PickWord label={t`Feature`} names={features} value={feature} onChoose={(next) => choose({ feature: next })} />
  );
  const projects = (
    <PickWord
      label={t`Project`}
      names={choicesOf(t`all projects`, t`no project`, names.projects, project)}
      value={project}
      onChoose={(next) => choose({ project: next })}
    />
  );
  const members = (
    <PickWord
      label={t`Member`}
      names={choicesOf(t`all members`, t`nobody named`, names.members, member)}
      value={member}
      onChoose={(next) => choose({ member: next })}
    />
  );
  return (
    <Filters label={t`What is shown`} onClear={isChanged ? clear : undefined}>
      <Trans>
        {kind} by {dimension}, {days}, in {part} and {projects}, for {members}
      </Trans>
      {chosen.span === 'custom' && span !== null && (
        <>
          {' '}
          <OwnDays span={span} today={today} choose={choose} />
        </>
      )}
    </Filters>
  );
}

function OwnDays({ span, today, choose }: { span: Span; today: string; choose: Props['choose'] }) {
  const from = (
    <DayWord label={t`First day`} value={span.from} most={span.to} onChoose={(day) => choose({ from: day })} />
  );
  const to = (
    <DayWord
      label={t`Last day`}
      value={span.to}
      least={span.from}
      most={today}
      onChoose={(day) => choose({ to: day })}
    />
  );
  return (
    <span>
      <Trans>
        from {from} to {to}
      </Trans>
    </span>
  );
}
