import { WebSocket } from 'ws';
import { mayWriteFrames } from './raw-frames.js';

test('in the pinned version of ws frames may be written past it', () => {
  expect(mayWriteFrames()).toBe(true);
});

test.each<[string, typeof WebSocket]>([
  [
    'sends later',
    class extends WebSocket {
      override send(data: string): void {
        setImmediate(() => super.send(data));
      }
    },
  ],
  [
    'sends a text in parts',
    class extends WebSocket {
      override send(data: string): void {
        super.send(data.slice(0, 1), { fin: false });
        super.send(data.slice(1));
      }
    },
  ],
  [
    'sends elsewhere',
    class extends WebSocket {
      override send(): void {
        // To a connection of its own.
      }
    },
  ],
  [
    'fails',
    class extends WebSocket {
      override send(): void {
        throw new Error('not like this');
      }
    },
  ],
])('a ws that %s: frames are not written past it', (_what, SocketClass) => {
  expect(mayWriteFrames(SocketClass)).toBe(false);
});
