import { plural, t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import type { AccountDetails } from '../../domain/account.js';
import { SpendByKindDocument } from '../../gql/operations.js';
import type { SpendByKindQuery } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatPercent } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { formatDay, localDate } from '../../ui/time.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { messages } from '../../words/en/WhereItWent.po';
import { learn } from '../../words/words.js';
import { kindsOf } from './kinds.js';
import type { Kind } from './kinds.js';
import styles from './WhereItWent.module.css';

learn(messages);

const askAgainMs = 2_000;
/** As high as it mostly is, so that nothing below moves when it is read or when the first credits are used. */
const height = 'var(--went-height)';

/** What this period's credits were used for: by the type of work, and by the part of the platform. */
export default function WhereItWent({ details, now }: { details: AccountDetails; now: number }) {
  const { accountId, standard } = useAccount();
  const { period, timeZone } = details;
  const start = Date.parse(period.start);
  const variables = { accountId, from: localDate(start, timeZone), to: localDate(now, timeZone) };
  const usage = readingOf(useQuery(SpendByKindDocument, { variables }), (data) => data.usage);
  useOnChange(standard?.used ?? null, askAgainMs, () => void usage.again());
  return (
    <Part what={t`Where it went`} of={usage} height={height}>
      {(report) => <Shown report={report} start={start} />}
    </Part>
  );
}

function Shown({ report, start }: { report: SpendByKindQuery['usage']; start: number }) {
  const { types, features } = kindsOf(report.rows);
  const [most] = types;
  const since = formatDay(start);
  return (
    <div className={styles.went} data-went>
      <p className={styles.sentence}>
        <span>
          {report.total === 0 ? t`Nothing used since ${since}.` : t`${creditsInWords(report.total)} since ${since}.`}
        </span>{' '}
        {most !== undefined && most.credits > 0 && (
          <span className={styles.most}>
            {t`${most.name} took ${formatPercent((100 * most.credits) / report.total)} of it.`}
          </span>
        )}
      </p>
      {report.total > 0 && (
        <div className={styles.columns}>
          <Kinds title={t`By type`} kinds={types} total={report.total} />
          <Kinds title={t`By feature`} kinds={features} total={report.total} />
        </div>
      )}
    </div>
  );
}

function Kinds({ title, kinds, total }: { title: string; kinds: readonly Kind[]; total: number }) {
  return (
    <table className={styles.kinds}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t`What`}</span>
          </th>
          <th scope="col">
            <span className="visually-hidden">{t`Credits`}</span>
          </th>
          <th scope="col">
            <span className="visually-hidden">{t`How often`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {kinds.map(({ code, name, credits, operations }) => (
          <tr key={code}>
            <th scope="row">{name}</th>
            <td className={styles.bar}>
              <span data-hue={code} style={{ inlineSize: `${(100 * credits) / total}%` }} />
              <b>{formatCredits(credits)}</b>
            </td>
            <td className={styles.times}>{plural(operations, { one: '# time', other: '# times' })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
