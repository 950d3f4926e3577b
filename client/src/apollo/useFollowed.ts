import { use, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { LiveLinkContext } from './live-link.js';
import { follow } from './live.js';

/**
 * Follows a subscription as long as the component stands and live updates are not paused.
 *
 * @param variables  other ones begin another subscription
 * @returns whether it has told something since the link last came up: what it told is then current, and nobody has to ask
 */
export function useFollowed<TData, TVariables extends Record<string, unknown>>(
  document: TypedDocumentNode<TData, TVariables>,
  variables: TVariables,
  onData: (data: TData) => void,
): boolean {
  const link = use(LiveLinkContext);
  if (link === null) throw new Error('useFollowed is called outside of an open session.');
  const { socket, freshness } = link;
  const phase = useSyncExternalStore(freshness.subscribe, () => freshness.read().phase);
  const [told, setTold] = useState<{ key: string; epoch: number } | null>(null);
  const key = JSON.stringify(variables);
  const isPaused = phase === 'paused';
  const tell = useEffectEvent((data: TData) => {
    const { epoch } = freshness.read();
    if (told?.key !== key || told.epoch !== epoch) setTold({ key, epoch });
    onData(data);
  });
  useEffect(
    () =>
      isPaused
        ? undefined
        : follow(socket, document, JSON.parse(key) as TVariables, (data) => {
            tell(data);
          }),
    [socket, document, key, isPaused],
  );
  return phase === 'live' && told?.key === key && told.epoch === freshness.read().epoch;
}
