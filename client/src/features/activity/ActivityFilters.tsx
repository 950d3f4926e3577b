import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { DayWord, Filters, PickWord, TypeWord } from '../../ui/Filters.js';
import { activityRoomSearch } from './activity-search.js';
import type { ActivityChosen } from './activity-search.js';

type Props = { chosen: ActivityChosen; choose: (values: Partial<ActivityChosen>) => void };

/** Whether something is left out. */
export function isNarrowed(chosen: ActivityChosen): boolean {
  return activityRoomSearch.write('', { ...chosen, entry: null }) !== '';
}

const longest = 200;

const kindNames = () =>
  new Map<ActivityChosen['kind'], string>([
    ['all', t`Every movement`],
    ['used', t`What was used`],
    ['held', t`What was put on hold`],
    ['back', t`What came back`],
    ['granted', t`What was added`],
    ['gone', t`What expired or was taken back`],
  ]);

const creditNames = () =>
  new Map<ActivityChosen['credits'], string>([
    ['all', t`all credits`],
    ['standard', t`credits`],
    ['scan', t`scan credits`],
  ]);

/** What is shown, as a sentence whose words can be chosen or typed. */
export function ActivityFilters({ chosen, choose }: Props) {
  const kind = (
    <PickWord
      label={t`What happened`}
      names={kindNames()}
      value={chosen.kind}
      onChoose={(next) => choose({ kind: next })}
    />
  );
  const credits = (
    <PickWord
      label={t`Which credits`}
      names={creditNames()}
      value={chosen.credits}
      onChoose={(next) => choose({ credits: next })}
    />
  );
  const project = (
    <TypeWord
      label={t`Project`}
      placeholder={t`any project`}
      longest={longest}
      value={chosen.project}
      onType={(next) => choose({ project: next })}
    />
  );
  const member = (
    <TypeWord
      label={t`Member`}
      placeholder={t`any member`}
      longest={longest}
      value={chosen.member}
      onType={(next) => choose({ member: next })}
    />
  );
  const reference = (
    <TypeWord
      label={t`Reference`}
      placeholder={t`any reference`}
      longest={longest}
      value={chosen.reference}
      onType={(next) => choose({ reference: next })}
    />
  );
  const { from, to } = chosen;
  const first = (
    <DayWord label={t`First day`} value={from} most={to ?? undefined} onChoose={(day) => choose({ from: day })} />
  );
  const last = (
    <DayWord label={t`Last day`} value={to} least={from ?? undefined} onChoose={(day) => choose({ to: day })} />
  );
  const clear = (): void => choose(activityRoomSearch.defaults);
  return (
    <Filters label={t`What is shown`} onClear={isNarrowed(chosen) ? clear : undefined}>
      <Trans>
        {kind} of {credits}, in {project}, for {member}, with {reference}, from {first} to {last}
      </Trans>
      {chosen.work !== null && (
        <>
          {' '}
          <strong>{t`of one piece of work`}</strong>
        </>
      )}
    </Filters>
  );
}
