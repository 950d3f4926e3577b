import { t } from '@lingui/core/macro';
import { createElement, useEffect, useEffectEvent } from 'react';
import type { ReactNode } from 'react';
import { CircleCheck } from 'lucide-react';
import { creditsInWords } from '../../ui/format.js';
import { useToast } from '../../ui/Toasts.js';
import { useQuote } from './useQuote.js';
import { keepWish } from './wish.js';
import type { Wish } from './wish.js';

/** Watches the work's quote, and speaks up when it is allowed, as soon as somebody looks. Shows nothing itself. @param wayBack  a link to the work as it was chosen */
export function useWatchedWish(wish: Wish, wayBack: ReactNode): void {
  const { value } = useQuote(wish.code).answer;
  const show = useToast();
  const isAllowed = value?.__typename === 'Quote' && value.allowed;
  const isOver = value?.__typename === 'OperationUnknown';
  const speak = useEffectEvent(() => {
    if (document.hidden || value?.__typename !== 'Quote') return;
    keepWish(null);
    show({
      id: crypto.randomUUID(),
      topic: 'wish',
      tone: 'plain',
      icon: createElement(CircleCheck, { size: 17 }),
      title: t`You can make it now`,
      text: t`${wish.name} costs ${creditsInWords(value.total)}, and you have ${creditsInWords(value.balance.available)}.`,
      action: wayBack,
    });
  });
  useEffect(() => {
    if (isOver) keepWish(null);
    if (!isAllowed) return;
    speak();
    const look = (): void => speak();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [isAllowed, isOver]);
}
