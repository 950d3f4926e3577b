import { t } from '@lingui/core/macro';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { Router } from 'wouter';
import { App } from './app/App.js';
import { RoomBoundary } from './app/RoomBoundary.js';
import { firstRole, keepRoleInAddress } from './app/role.js';
import { NotLoaded } from './app/room.js';
import { openStampedSession } from './app/session.js';
import type { Session } from './app/session.js';
import { readStamp } from './app/stamp.js';
import type { Stamp } from './app/stamp.js';
import { basePath } from './ui/basePath.js';
import { nextTask } from './ui/next-task.js';
import { messages } from './words/en/page.po';
import { translate } from './words/translate.js';
import { learn } from './words/words.js';

async function openFirst(stamp: Stamp | null): Promise<Session | null> {
  const as = firstRole(stamp);
  const session = await openStampedSession(as, stamp);
  if (session !== null) keepRoleInAddress(as);
  return session;
}

learn(messages);

/**
 * Puts the application in place of the static shell, which stands until then: the stamped number is on the screen all the while.
 *
 * In short tasks, so that a slow phone answers a touch in between: the session is opened in some, and a transition lets React
 * draw the first screen in slices.
 */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  await nextTask();
  const stamp = readStamp(document.getElementById('stamped-balance')?.textContent);
  // What fails here is tried once more by the page, which says why it fails.
  const [first] = await Promise.all([openFirst(stamp).catch(() => null), translate('page')]);
  await nextTask();
  const page = createRoot(root, {
    // Code that did not arrive is told on the page, with a way on.
    onCaughtError(error) {
      if (!(error instanceof NotLoaded)) reportError(error);
    },
  });
  startTransition(() =>
    page.render(
      <StrictMode>
        <I18nProvider i18n={i18n}>
          <Router base={basePath}>
            <RoomBoundary what={t`The page`}>
              <App stamp={stamp} first={first} />
            </RoomBoundary>
          </Router>
        </I18nProvider>
      </StrictMode>,
    ),
  );
}

// From a microtask: when a profiler takes a stack trace within the module's own code, the browser parses the whole script once more.
queueMicrotask(() => void start());
