import { useEffect, useEffectEvent } from 'react';
import type { ReactNode } from 'react';
import { Ban, CircleCheck } from 'lucide-react';
import { useAnnouncer } from '../../ui/Announce.js';
import { useToast } from '../../ui/Toasts.js';
import { resultOf, sentenceOf } from './generation.js';
import type { Generation } from './generation.js';

/** Says each step once: in the room by the voice alone, elsewhere a result as a message that leads back. */
export function useWorkNews(generation: Generation, isInRoom: boolean, wayBack: ReactNode): void {
  const announcer = useAnnouncer();
  const show = useToast();
  const tell = useEffectEvent((step: Generation['step']) => {
    if (step === 'idle') return;
    const result = resultOf(generation);
    if (result !== null && !isInRoom) {
      const isDone = generation.step === 'finished' && generation.outcome === 'SUCCEEDED';
      show({
        id: crypto.randomUUID(),
        topic: 'generation',
        tone: 'plain',
        icon: isDone ? <CircleCheck size={17} /> : <Ban size={17} />,
        ...result,
        action: wayBack,
      });
      return;
    }
    const sentence = sentenceOf(generation);
    if (sentence !== null) announcer.now(sentence);
  });
  const { step } = generation;
  useEffect(() => tell(step), [step]);
}
