import { WebSocket } from 'ws';
import { tryRawFrames } from './raw-frames.js';

test('in the pinned version of ws frames may be written past it', () => {
  expect(tryRawFrames()).not.toBeNull();
});

test.each<[string, typeof WebSocket]>([
  [
    'keeps its connection elsewhere',
    class extends WebSocket {
      get _socket(): undefined {
        return undefined;
      }
      set _socket(_connection: unknown) {
        // Kept elsewhere.
      }
    },
  ],
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
    'fails',
    class extends WebSocket {
      override send(): void {
        throw new Error('not like this');
      }
    },
  ],
])('a ws that %s: frames are not written past it', (_what, SocketClass) => {
  expect(tryRawFrames(SocketClass)).toBeNull();
});
