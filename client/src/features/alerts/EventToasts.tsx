import { use, useState } from 'react';
import type { ReactNode } from 'react';
import type { Client } from 'graphql-ws';
import { useAnnouncer } from '../../ui/Announce.js';
import { useToast } from '../../ui/Toasts.js';
import { LowNewsContext } from './LowNewsContext.js';
import { createNewsDesk } from './news.js';
import { useEvents } from './useEvents.js';

/**
 * Turns the account's events into messages, and says what the page shows already. Shows nothing itself.
 *
 * @param wayOn  leads to the page that warns of low credits; null on that page
 */
export function EventToasts(props: { socket: Client; accountId: string; isPaused: boolean; wayOn: ReactNode }) {
  const show = useToast();
  const announcer = useAnnouncer();
  const lowNews = use(LowNewsContext);
  const [newsOf] = useState(createNewsDesk);
  useEvents(props.socket, props.accountId, props.isPaused, (event) => {
    const news = newsOf(event, { hasBanner: props.wayOn === null, lowNews, wayOn: props.wayOn });
    if (news?.kind === 'toast') show(news.toast);
    if (news?.kind === 'said') announcer.now(news.sentence);
  });
  return null;
}
