/*
 * All that this program uses of Node beneath its public interface, where a new version may change anything. Each use looks at what it
 * finds first, and says what is done when it is not there.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What a connection knows below Node's own buffer: bytes handed to the system's stream, and those that it still keeps. */
interface StreamHandle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

/**
 * Bytes that have left this process. Node counts what it was told to write; the rest of a large write waits in its stream.
 *
 * @returns null when Node does not say: then a slow reader cannot be told from another, and only the limit of all connections together
 * ends any
 */
export function bytesTakenFrom(socket: Socket): number | null {
  const handle = Reflect.get(socket, '_handle') as Partial<StreamHandle> | null | undefined;
  // A connection that has been closed has none.
  if (handle === null) return 0;
  const { bytesWritten, writeQueueSize } = handle ?? {};
  return typeof bytesWritten === 'number' && typeof writeQueueSize === 'number' ? bytesWritten - writeQueueSize : null;
}

/**
 * Lets a peer that has sent its last (`nc -N`, some load balancers) still read its answer.
 *
 * @returns false when Node has no such switch: then the connection of such a peer ends before it is answered
 */
export function allowHalfOpen(server: Server): boolean {
  return (
    typeof Reflect.get(server, 'httpAllowHalfOpen') === 'boolean' && Reflect.set(server, 'httpAllowHalfOpen', true)
  );
}
