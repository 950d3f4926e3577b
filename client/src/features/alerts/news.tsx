import { t } from '@lingui/core/macro';
import { CalendarCheck, CirclePlus, Clock, CreditCard, OctagonMinus, TrendingUp, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { lowTitle } from '../../domain/balance.js';
import type { Toast } from '../../ui/Toasts.js';
import type { AccountEvent } from './useEvents.js';

export type News =
  /** To be shown, and said with it. */
  | { kind: 'toast'; toast: Toast }
  /** To be said only: it stands on the page already. */
  | { kind: 'said'; sentence: string }
  /** What was shown under this topic is over. */
  | { kind: 'over'; topic: string };

type Place = {
  /** Whether this page itself warns of low credits. */
  hasBanner: boolean;
  /** What a warning of low credits offers, live. */
  lowNews: ReactNode;
  /** A link to where one can do something about it. */
  wayOn: ReactNode;
};

/** All that is said of the level of one credit type: the newest word counts. */
export const levelTopic = (creditType: AccountEvent['creditType']): string => `level:${creditType}`;

/** What brings credits: that they are enough again is told with it. */
const tellsOfMore: readonly AccountEvent['type'][] = ['PERIOD_RESET', 'GRANT_ADDED', 'PURCHASE_PAID', 'PLAN_CHANGED'];

/**
 * Turns the account's events, in their order, into news: one piece for what happened at once.
 *
 * A renewal or a grant that also lifts the balance over its mark is told once, as what it is; the warning that stood is over.
 */
export function createNewsDesk(): (event: AccountEvent, place: Place) => News | null {
  let told = '';
  let paid = '';
  return (event, place) => {
    const decision = `${event.creditType} ${event.balance.version}`;
    if (event.type === 'BALANCE_RECOVERED' && told === decision)
      return { kind: 'over', topic: levelTopic(event.creditType) };
    // What a payment brought is told as that.
    if (event.type === 'GRANT_ADDED' && paid === decision) return null;
    if (event.type === 'PURCHASE_PAID') paid = decision;
    if (tellsOfMore.includes(event.type)) told = decision;
    return newsOf(event, place);
  };
}

function newsOf(event: AccountEvent, { hasBanner, lowNews, wayOn }: Place): News | null {
  const isScan = event.creditType === 'SCAN';
  const plain = { id: event.id, topic: event.id, tone: 'plain', text: event.message } as const;
  const level = { ...plain, topic: levelTopic(event.creditType) };
  const toast = (given: Toast): News => ({ kind: 'toast', toast: given });
  switch (event.type) {
    case 'BALANCE_LOW': {
      const { creditType } = event;
      const title = lowTitle({ level: event.level ?? 'LOW', creditType, available: event.balance.available }) ?? '';
      const isMain = event.creditType === 'STANDARD';
      if (isMain && hasBanner) return { kind: 'said', sentence: `${title}. ${event.message}` };
      const body = isMain && lowNews !== null ? { body: lowNews } : {};
      return event.level === 'EMPTY'
        ? toast({ ...level, ...body, title, tone: 'empty', icon: <OctagonMinus size={17} />, action: wayOn })
        : toast({ ...level, ...body, title, tone: 'low', icon: <TriangleAlert size={17} />, action: wayOn });
    }
    case 'BALANCE_RECOVERED':
      // A hold that came back has spent nothing: the warning that stood is over, and that is all.
      if (event.reservationId !== null) return { kind: 'over', topic: level.topic };
      return toast({
        ...level,
        icon: <TrendingUp size={17} />,
        title: isScan ? t`Enough scan credits again` : t`Enough credits again`,
      });
    case 'PERIOD_RESET':
      return toast({
        ...plain,
        icon: <CalendarCheck size={17} />,
        title: isScan ? t`Your scan credits renewed` : t`Your allowance renewed`,
      });
    case 'GRANT_ADDED':
      return toast({ ...plain, icon: <CirclePlus size={17} />, title: isScan ? t`New scan credits` : t`New credits` });
    case 'GRANT_EXPIRED':
      return toast({
        ...plain,
        icon: <Clock size={17} />,
        title: isScan ? t`Some scan credits expired` : t`Some credits expired`,
      });
    default:
      return purchaseNewsOf(event);
  }
}

/** What became of a payment, and of the plan; the newest word on a purchase counts, also over what this tab said itself. */
function purchaseNewsOf({ id, type, purchaseId, message }: AccountEvent): News | null {
  if (!/^(PURCHASE|PLAN|AUTO_TOP_UP)_/.test(type)) return null;
  const topic = type === 'PLAN_CHANGED' ? 'plan' : `purchase:${purchaseId ?? id}`;
  const tone = /(FAILED|REQUIRED|OFF)$/.test(type) ? 'low' : 'plain';
  return {
    kind: 'toast',
    toast: { id, topic, tone, text: message, icon: <CreditCard size={17} />, title: t`Billing` },
  };
}
