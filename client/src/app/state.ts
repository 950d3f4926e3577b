import type { NotSeen } from './account-session.js';
import type { ProviderDoor } from './provider-door.js';
import type { Session } from './session.js';
import type { DemoRole } from './stamp.js';
import type { Reason, Way } from './ways-in.js';

/** What the page shows: a session, or what there is to do until there is one. */
export type State =
  | { step: 'starting' }
  | { step: 'open'; session: Session }
  | { step: 'signIn'; way: Way; reason: Reason | null }
  | { step: 'choose'; notSeen: NotSeen }
  | { step: 'failed'; message: string };

/** Who one is here, over the sessions that are opened one after the other. */
export type Ways = {
  /** The demo account; null where one signs in. */
  role: DemoRole | null;
  /** How one signs in; null in a demo, and before the server has said. */
  way: Way | null;
  /** Null where there is no provider. */
  door: ProviderDoor | null;
  /** The token that was pasted; null without one. */
  pasted: string | null;
};
