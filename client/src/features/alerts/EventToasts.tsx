import { CalendarCheck, CirclePlus, Clock, OctagonMinus, TrendingUp, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Client } from 'graphql-ws';
import { useToast } from '../../ui/Toasts.js';
import type { Toast } from '../../ui/Toasts.js';
import { useEvents } from './useEvents.js';
import type { AccountEvent } from './useEvents.js';

const creditName = { STANDARD: 'credits', SCAN: 'scan credits' } as const;

/** An event as a message; null for those that need none. The words after the title are the server's. */
function toastOf(event: AccountEvent, wayOn: ReactNode): Toast | null {
  const name = creditName[event.creditType];
  const isLevel = event.type === 'BALANCE_LOW' || event.type === 'BALANCE_RECOVERED';
  const topic = isLevel ? `level of ${name}` : event.id;
  const plain = { id: event.id, topic, tone: 'plain', text: event.message } as const;
  switch (event.type) {
    case 'BALANCE_LOW':
      return event.level === 'EMPTY'
        ? {
            ...plain,
            tone: 'empty',
            icon: <OctagonMinus size={17} />,
            title: `Out of ${name}`,
            action: wayOn,
          }
        : {
            ...plain,
            tone: 'low',
            icon: <TriangleAlert size={17} />,
            title: `Your ${name} run low`,
            action: wayOn,
          };
    case 'BALANCE_RECOVERED':
      return { ...plain, icon: <TrendingUp size={17} />, title: `Enough ${name} again` };
    case 'PERIOD_RESET':
      return { ...plain, icon: <CalendarCheck size={17} />, title: 'Your allowance renewed' };
    case 'GRANT_ADDED':
      return { ...plain, icon: <CirclePlus size={17} />, title: `New ${name}` };
    case 'GRANT_EXPIRED':
      return { ...plain, icon: <Clock size={17} />, title: `Some ${name} expired` };
    default:
      return null;
  }
}

/** Turns the account's events into messages, one each. Shows nothing itself. */
export function EventToasts(props: { socket: Client; accountId: string; isPaused: boolean; wayOn: ReactNode }) {
  const show = useToast();
  useEvents(props.socket, props.accountId, props.isPaused, (event) => {
    const toast = toastOf(event, props.wayOn);
    if (toast !== null) show(toast);
  });
  return null;
}
