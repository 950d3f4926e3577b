import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { App } from './app/App.js';
import { RoomBoundary } from './app/RoomBoundary.js';
import { firstRole, keepRoleInAddress } from './app/role.js';
import { RoomNotLoaded } from './app/rooms.js';
import { openStampedSession } from './app/session.js';
import { readStamp } from './app/stamp.js';
import type { Stamp } from './app/stamp.js';
import { basePath } from './ui/basePath.js';

/** Ends the running task: what the viewer did meanwhile comes first. A hidden page does not slow it down, as it does timers. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });

function openFirst(stamp: Stamp | null) {
  const as = firstRole(stamp);
  const session = openStampedSession(as, stamp);
  if (session !== null) keepRoleInAddress(as);
  return session;
}

/**
 * Puts the application in place of the static shell, which stands until then: the stamped number is on the screen all the while.
 *
 * In short tasks, so that a slow phone answers a touch in between: the session is opened in one, and a transition lets React
 * draw the first screen in slices.
 */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  await nextTask();
  const stamp = readStamp(document.getElementById('stamped-balance')?.textContent);
  const first = openFirst(stamp);
  await nextTask();
  const page = createRoot(root, {
    // Code that did not arrive is told on the page, with a way on.
    onCaughtError(error) {
      if (!(error instanceof RoomNotLoaded)) reportError(error);
    },
  });
  startTransition(() =>
    page.render(
      <StrictMode>
        <Router base={basePath}>
          <RoomBoundary what="The page">
            <App stamp={stamp} first={first} />
          </RoomBoundary>
        </Router>
      </StrictMode>,
    ),
  );
}

// Not from here itself: for the first stack trace of a profiler the browser would read the whole script once more.
queueMicrotask(() => void start());
