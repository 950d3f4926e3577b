import { t } from '@lingui/core/macro';
import {
  Bell,
  CalendarCheck,
  CirclePlus,
  Clock,
  CreditCard,
  OctagonMinus,
  Target,
  TrendingUp,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { EventType } from '../../gql/warnings.js';
import { formatInstant } from '../../ui/time.js';
import type { Fate, Happened, Show } from './events.js';

/** What can be looked at, each with its name. */
export const showNames = (): ReadonlyMap<Show, string> =>
  new Map([
    ['all', t`Everything`],
    ['low', t`Low credits, and what ended it`],
    ['budgets', t`Budgets`],
    ['payments', t`Payments`],
    ['credits', t`Credits that came and went`],
    ['work', t`Work`],
  ]);

type Words = { title: string; Icon: LucideIcon; tone: 'plain' | 'low' | 'out' };

/** What happened, in two or three words, and how bad it is. A type this page does not know yet has the server's sentence alone. */
export function wordsOf({ type, level, creditType }: Pick<Happened, 'type' | 'level' | 'creditType'>): Words {
  const isScan = creditType === 'SCAN';
  switch (type) {
    case 'BALANCE_LOW':
      return level === 'EMPTY'
        ? { title: isScan ? t`Out of scan credits` : t`Out of credits`, Icon: OctagonMinus, tone: 'out' }
        : { title: lowWords(level, isScan), Icon: TriangleAlert, tone: 'low' };
    case 'BALANCE_RECOVERED':
      return {
        title: isScan ? t`Enough scan credits again` : t`Enough credits again`,
        Icon: TrendingUp,
        tone: 'plain',
      };
    case 'BUDGET_LOW':
      return { title: t`A budget is nearly used up`, Icon: Target, tone: 'low' };
    case 'BUDGET_EXHAUSTED':
      return { title: t`A budget is used up`, Icon: Target, tone: 'out' };
    default:
      return plainWords(type, isScan);
  }
}

function lowWords(level: Happened['level'], isScan: boolean): string {
  if (level === 'CRITICAL') return isScan ? t`Very few scan credits left` : t`Very few credits left`;
  return isScan ? t`Few scan credits left` : t`Few credits left`;
}

function plainWords(type: EventType, isScan: boolean): Words {
  const plain = (title: string, Icon: LucideIcon, tone: Words['tone'] = 'plain'): Words => ({ title, Icon, tone });
  switch (type) {
    case 'PERIOD_RESET':
      return plain(isScan ? t`Scan credits renewed` : t`Credits renewed`, CalendarCheck);
    case 'PLAN_CHANGED':
      return plain(t`Another plan`, CalendarCheck);
    case 'GRANT_ADDED':
      return plain(isScan ? t`New scan credits` : t`New credits`, CirclePlus);
    case 'GRANT_EXPIRING':
      return plain(t`Credits will expire`, Clock, 'low');
    case 'GRANT_EXPIRED':
      return plain(t`Credits expired`, Clock);
    case 'RESERVATION_EXPIRED':
      return plain(t`A hold ended unused`, Undo2);
    case 'PURCHASE_PAID':
      return plain(t`Paid`, CreditCard);
    case 'PURCHASE_FAILED':
      return plain(t`A payment failed`, CreditCard, 'low');
    case 'PURCHASE_ACTION_REQUIRED':
      return plain(t`The bank wants you to confirm`, CreditCard, 'low');
    case 'PURCHASE_REFUNDED':
      return plain(t`Refunded`, CreditCard);
    case 'AUTO_TOP_UP_OFF':
      return plain(t`Auto top-up is off`, CreditCard, 'low');
    case 'PLAN_PAYMENT_FAILED':
      return plain(t`The payment for the plan failed`, CreditCard, 'low');
    case 'SPEND_ANOMALY':
      return plain(t`Spent faster than usual`, TrendingUp, 'low');
    default:
      return plain(t`Something happened`, Bell);
  }
}

/** What was done about it: "Ended 28 Nov, 14:03: a pack was bought." */
export function fateWords({ by, how }: Fate): string {
  const when = formatInstant(Date.parse(by.at));
  switch (how) {
    case 'renewed':
      return t`Over since ${when}: the credits renewed.`;
    case 'bought':
      return t`Over since ${when}: a pack was bought.`;
    case 'granted':
      return t`Over since ${when}: credits were added.`;
    case 'planChanged':
      return t`Over since ${when}: the plan was changed.`;
    case 'cameBack':
      return t`Over since ${when}: what was on hold came back.`;
    case 'recovered':
      return t`Over since ${when}.`;
    case 'worse':
      return t`It became less: see ${when}.`;
    case 'paid':
      return t`Confirmed and paid ${when}.`;
    case 'failed':
      return t`Failed ${when}; nothing was charged.`;
    case 'expired':
      return t`Expired ${when}.`;
  }
}
