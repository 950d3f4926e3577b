import { createContext, use, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { createAnnouncer } from './announcer.js';
import type { Announcer } from './announcer.js';

const silent: Announcer = { now: () => undefined, later: () => undefined, stop: () => undefined };
const AnnouncerContext = createContext<Announcer>(silent);

/** The page's one voice. */
export function useAnnouncer(): Announcer {
  return use(AnnouncerContext);
}

/** Holds the one status region; it is there from the first render, since a region inserted with its text may stay unread. */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const region = useRef<HTMLParagraphElement>(null);
  const announcer = useMemo(
    () =>
      createAnnouncer(
        (sentence) => {
          if (region.current !== null) region.current.textContent = sentence;
        },
        {
          now: () => performance.now(),
          after: (ms, run) => {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
          },
        },
      ),
    [],
  );
  useEffect(() => () => announcer.stop(), [announcer]);
  return (
    <AnnouncerContext value={announcer}>
      {children}
      <p ref={region} role="status" className="visually-hidden" data-announcer />
    </AnnouncerContext>
  );
}
