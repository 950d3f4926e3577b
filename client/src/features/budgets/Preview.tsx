import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { PreviewBudgetDocument } from '../../gql/budgets.js';
import type { PreviewBudgetQuery, SetBudgetInput } from '../../gql/budgets.js';
import { formatCredits } from '../../ui/format.js';
import { worksInWords } from './words.js';
import styles from './Preview.module.css';

type Answer = PreviewBudgetQuery['previewBudget'];
type Told = { of: string; answer: Answer | null; problem: string | null };

/** After the last change of the draft, so that typing a number asks once. */
const restMs = 400;

/** What a budget would have refused of the last 30 days' work: told before it is saved. */
export function Preview({ input }: { input: SetBudgetInput }) {
  const told = usePreview(input);
  const isOld = told === null || told.of !== JSON.stringify(input);
  return (
    <div className={styles.preview} role="status" aria-busy={isOld} data-preview={isOld ? 'asking' : 'told'}>
      <p className={styles.title}>{t`Had it been there for the last 30 days`}</p>
      {told === null ? (
        <p>{t`Looking through the work of the last 30 days`}</p>
      ) : told.answer === null ? (
        <p>{told.problem}</p>
      ) : (
        <Says answer={told.answer} input={input} />
      )}
    </div>
  );
}

function usePreview(input: SetBudgetInput): Told | null {
  const client = useApolloClient();
  const [told, setTold] = useState<Told | null>(null);
  const of = JSON.stringify(input);
  useEffect(() => {
    let isOver = false;
    const tell = (answer: Answer | null, problem: string | null): void => {
      if (!isOver) setTold({ of, answer, problem });
    };
    const timer = setTimeout(() => {
      const variables = { input: JSON.parse(of) as SetBudgetInput };
      client
        .query({ query: PreviewBudgetDocument, variables, fetchPolicy: 'no-cache' })
        .then(({ data }) => tell(data?.previewBudget ?? null, null))
        .catch((error: unknown) => tell(null, messageOf(error)));
    }, restMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, of]);
  return told;
}

function Says({ answer, input }: { answer: Answer; input: SetBudgetInput }) {
  if (answer.__typename === 'InvalidAmount') return <p>{answer.message}</p>;
  const creditType = input.creditType ?? 'STANDARD';
  const { operations, credits, deniedOperations, deniedCredits, byMember } = answer;
  const all = creditsOfInWords(credits, creditType);
  if (operations === 0) return <p>{t`There was no work that it is about.`}</p>;
  if (deniedOperations === 0)
    return (
      <p>
        <strong>{t`It would have refused nothing.`}</strong>{' '}
        <span>{t`All of ${worksInWords(operations)} for ${all} would have fitted.`}</span>
      </p>
    );
  const denied = worksInWords(deniedOperations);
  return (
    <>
      <p>
        <strong>
          {input.hard === false
            ? t`Made to refuse, it would have refused ${denied}`
            : t`It would have refused ${denied}`}
        </strong>{' '}
        <span>{t`of ${formatCredits(operations)}: ${formatCredits(deniedCredits)} of ${all}.`}</span>
      </p>
      {byMember.length > 0 && (
        <ul>
          {byMember.slice(0, membersShown).map(({ member, deniedOperations: works, deniedCredits: cost }) => (
            <li key={member}>
              <bdi>{member}</bdi> <span>{t`${worksInWords(works)}, ${creditsOfInWords(cost, creditType)}`}</span>
            </li>
          ))}
        </ul>
      )}
      {input.hard === false && <p>{t`It only warns: nothing is refused.`}</p>}
    </>
  );
}

const membersShown = 5;
