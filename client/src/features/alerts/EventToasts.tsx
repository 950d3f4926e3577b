import { use, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useApolloClient } from '@apollo/client/react';
import type { Client } from 'graphql-ws';
import { AccountHomeDocument } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { useToast, useWithdraw } from '../../ui/Toasts.js';
import { LowNewsContext } from './LowNewsContext.js';
import { createNewsDesk, levelTopic } from './news.js';
import { createPatience } from './patience.js';
import { useEvents } from './useEvents.js';
import type { AccountEvent } from './useEvents.js';
import { messages } from '../../words/en/EventToasts.po';
import { learn } from '../../words/words.js';

learn(messages);

/**
 * Turns the account's events into messages, and says what the page shows already. Shows nothing itself.
 *
 * @param wayOn  leads to the page that warns of low credits; null on that page
 */
export default function EventToasts(props: { socket: Client; accountId: string; isPaused: boolean; wayOn: ReactNode }) {
  const show = useToast();
  const withdraw = useWithdraw();
  const announcer = useAnnouncer();
  const client = useApolloClient();
  const lowNews = use(LowNewsContext);
  const [newsOf] = useState(createNewsDesk);
  const passOn = useRef((_event: AccountEvent): void => undefined);
  const hasBanner = props.wayOn === null;
  useEffect(() => {
    // The page that one has walked to says it itself.
    if (hasBanner) withdraw(levelTopic('STANDARD'));
  }, [hasBanner, withdraw]);
  const tell = useEffectEvent((event: AccountEvent) => {
    // Another plan has other rights and another month; a move between two paid ones leaves the balance's dates as they are.
    if (event.type === 'PLAN_CHANGED') void client.refetchQueries({ include: [AccountHomeDocument] });
    const news = newsOf(event, { hasBanner, lowNews, wayOn: props.wayOn });
    if (news?.kind === 'toast') show(news.toast);
    if (news?.kind === 'over') withdraw(news.topic);
    if (news?.kind === 'said') announcer.now(news.sentence);
  });
  const [patience] = useState(() =>
    createPatience(
      (event) => passOn.current(event),
      (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    ),
  );
  useEffect(() => {
    passOn.current = (event) => tell(event);
    return () => patience.stop();
  }, [patience]);
  useEvents(props.socket, props.accountId, props.isPaused, patience.take);
  return null;
}
