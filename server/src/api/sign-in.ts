import type { Caller } from '../auth/caller.js';
import type { Authenticate } from '../auth/verify-token.js';
import { PublicError } from '../kit/errors.js';
import type { Doors } from './answer-request.js';
import { refuse } from './answer-request.js';
import { nextRequestId } from './request-id.js';
import { CLOSE } from './open-socket.js';

/** How a socket is closed whose credential is not taken. */
export interface SocketRefusal {
  readonly code: number;
  readonly reason: string;
}

export interface SignInOptions {
  readonly doors: Doors;
  readonly authenticate: Authenticate;
}

const FORBIDDEN: SocketRefusal = { code: CLOSE.forbidden, reason: 'Forbidden' };
const LATER: SocketRefusal = { code: CLOSE.busy, reason: 'Try again later' };

/**
 * Who signs in on a socket, by the `authorization` of its upgrade or of `connection_init`.
 *
 * @returns the caller, or how to close the socket; never rejects
 */
export async function findSocketCaller(
  { doors, authenticate }: SignInOptions,
  address: string,
  authorization: unknown,
): Promise<Caller | SocketRefusal> {
  try {
    const text = typeof authorization === 'string' ? authorization : undefined;
    return (await authenticate(text, () => doors.limits.admitLookUp(address))) ?? FORBIDDEN;
  } catch (error) {
    if (!(error instanceof PublicError)) {
      refuse(doors, [error], nextRequestId(), 500);
      return LATER;
    }
    if (error.code === 'BAD_USER_INPUT') return { code: CLOSE.badRequest, reason: error.message };
    if (error.code !== 'UNAUTHENTICATED') {
      refuse(doors, [error], nextRequestId(), 500);
      return LATER;
    }
    return doors.limits.countFailedLogin(address).then(
      () => FORBIDDEN,
      () => LATER,
    );
  }
}

export function isRefusal(found: Caller | SocketRefusal): found is SocketRefusal {
  return 'code' in found;
}
