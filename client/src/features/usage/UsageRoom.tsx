import { t } from '@lingui/core/macro';
import { memo } from 'react';
import { ChartColumn } from 'lucide-react';
import { shareOf, useAccount } from '../../domain/account.js';
import type { AccountDetails } from '../../domain/account.js';
import { both } from '../../ui/reading.js';
import { localDate } from '../../ui/time.js';
import { Empty, Part } from '../../ui/Part.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { messages } from '../../words/en/UsageRoom.po';
import { learn } from '../../words/words.js';
import { usageSearch } from './search.js';
import type { UsageChosen } from './search.js';
import { spanOf } from './span.js';
import { UsageFilters } from './UsageFilters.js';
import { UsageShown } from './UsageShown.js';
import { usePeriods, useUsage, useUsageNames } from './useUsage.js';
import styles from './UsageRoom.module.css';

learn(messages);

const height = 720;

/** Where the credits went: a sentence, a chart and a table of what the address asks for, and a file of exactly this. */
export default function UsageRoom() {
  const account = useAccount();
  const { accountId, details, standard, scan, now } = account;
  const today = details === null || now === null ? null : localDate(now, details.timeZone);
  return (
    <Part what={t`Your account`} of={shareOf(account, today)} height={height}>
      {(day) =>
        details !== null && (
          <Usage
            accountId={accountId}
            details={details}
            today={day}
            used={`${standard?.used ?? ''} ${scan?.used ?? ''}`}
          />
        )
      }
    </Part>
  );
}

type Props = {
  accountId: string;
  details: AccountDetails;
  /** In the account's zone. */
  today: string;
  /** Spent in this period, of both kinds; a new value means there is something new to read. */
  used: string;
};

// The clock steps and holds come and go without a spend: nothing here has to be drawn again for them.
const Usage = memo(function Usage({ accountId, details, today, used }: Props) {
  const [chosen, choose] = useSearchOf(usageSearch);
  const names = useUsageNames(accountId, today);
  const periods = usePeriods(accountId, details.timeZone);
  const span = periods.value === null ? null : spanOf(chosen, periods.value, today);
  const usage = useUsage(accountId, chosen, span);
  useOnChange(used, 2_000, () => void usage.again());
  useOnChange(String(details.period.number), 2_000, () => void periods.again());
  return (
    <div className={styles.room}>
      <UsageFilters chosen={chosen} choose={choose} names={names} span={span} today={today} />
      <Part
        what={t`Usage`}
        of={both(usage, periods)}
        height={height}
        isEmpty={([{ report }]) => report.rows.length === 0}
        empty={<NothingUsed chosen={chosen} />}
      >
        {([read, known]) =>
          span !== null && (
            <UsageShown
              read={read}
              periods={known}
              span={span}
              today={today}
              chosen={chosen}
              choose={choose}
              details={details}
            />
          )
        }
      </Part>
    </div>
  );
});

function NothingUsed({ chosen }: { chosen: UsageChosen }) {
  const isNarrow = chosen.feature !== 'all' || chosen.project !== null || chosen.member !== null;
  return (
    <Empty icon={<ChartColumn size={20} />} title={t`Nothing was used in this time`} height={320}>
      {isNarrow
        ? t`Other projects, members or features may have something: clear the filters.`
        : t`As soon as something is generated, scanned or written, its day appears here.`}
    </Empty>
  );
}
