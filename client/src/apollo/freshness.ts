/** Whether what the screen shows is what the server knows. All instants are the viewer's wall clock, in ms. */
export type Freshness = {
  phase: 'connecting' | 'live' | 'lost' | 'offline' | 'paused';
  /** When the phase began. */
  since: number;
  /** The last moment at which the numbers were known to be current. */
  provenAt: number;
  /** Grows with each end of the link: what arrived in an earlier epoch proves nothing in this one. */
  epoch: number;
};

export type FreshnessEvent =
  /** A current value is shown; `epoch` says in which one it arrived, when that was not now. */
  | { type: 'proven'; at: number; epoch?: number }
  /** The link answered, without a new value. */
  | { type: 'answered'; at: number }
  | { type: 'lost'; at: number }
  /** The machine left its network. */
  | { type: 'offline'; at: number }
  /** It is back on one; the link is not proven yet. */
  | { type: 'online'; at: number }
  | { type: 'paused'; at: number }
  | { type: 'resumed'; at: number };

export type ShownFreshness =
  | { kind: 'live' }
  | { kind: 'connecting' }
  | { kind: 'reconnecting'; since: number }
  | { kind: 'offline'; since: number }
  | { kind: 'stale'; since: number }
  | { kind: 'paused'; since: number };

/** Below this a dropped link is not worth a flicker. */
export const quietMs = 1_000;
/** From here on the numbers are called stale. */
export const staleMs = 10_000;

export function startFreshness(at: number, paused: boolean): Freshness {
  return { phase: paused ? 'paused' : 'connecting', since: at, provenAt: at, epoch: 0 };
}

/** Pure: the state after an event. While paused only `resumed` counts. */
export function nextFreshness(state: Freshness, event: FreshnessEvent): Freshness {
  if (state.phase === 'paused') {
    return event.type === 'resumed' ? { ...state, phase: 'connecting', since: event.at } : state;
  }
  switch (event.type) {
    case 'proven':
      if (event.epoch !== undefined && event.epoch !== state.epoch) return state;
      return state.phase === 'live'
        ? { ...state, provenAt: event.at }
        : { ...state, phase: 'live', since: event.at, provenAt: event.at };
    case 'answered':
      return state.phase === 'live' ? { ...state, provenAt: event.at } : state;
    case 'lost':
      return state.phase === 'live'
        ? { ...state, epoch: state.epoch + 1, phase: 'lost', since: event.at }
        : { ...state, epoch: state.epoch + 1 };
    case 'offline':
      return state.phase === 'offline'
        ? state
        : { ...state, epoch: state.epoch + 1, phase: 'offline', since: event.at };
    case 'online':
      return state.phase === 'offline' ? { ...state, phase: 'lost' } : state;
    case 'paused':
      return { ...state, epoch: state.epoch + 1, phase: 'paused', since: event.at };
    case 'resumed':
      return state;
  }
}

/** Pure: what to tell the viewer now. Staleness counts from the last proof, not from when the loss was noticed. */
export function showFreshness(state: Freshness, now: number): ShownFreshness {
  switch (state.phase) {
    case 'live':
      return { kind: 'live' };
    case 'paused':
      return { kind: 'paused', since: state.provenAt };
    case 'offline':
      return { kind: 'offline', since: state.provenAt };
    case 'connecting':
      return now - state.since >= staleMs ? { kind: 'stale', since: state.provenAt } : { kind: 'connecting' };
    case 'lost':
      if (now - state.provenAt >= staleMs) return { kind: 'stale', since: state.provenAt };
      return now - state.since >= quietMs ? { kind: 'reconnecting', since: state.provenAt } : { kind: 'live' };
  }
}

/**
 * The outage the viewer should know of, by its cause; null while there is none.
 *
 * From here on everything on the page is dimmed together and what needs the server waits. A pause is the viewer's own
 * choice, and a page that is only just connecting has nothing old to warn of.
 */
export function outageOf(shown: ShownFreshness): Outage | null {
  switch (shown.kind) {
    case 'offline':
      return { cause: 'offline', since: shown.since };
    case 'reconnecting':
    case 'stale':
      return { cause: 'server', since: shown.since };
    default:
      return null;
  }
}

export type Outage = { cause: 'offline' | 'server'; since: number };

export type FreshnessStore = {
  read: () => Freshness;
  send: (event: FreshnessEvent) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createFreshnessStore(at: number, paused: boolean): FreshnessStore {
  let state = startFreshness(at, paused);
  const listeners = new Set<() => void>();
  return {
    read: () => state,
    send: (event) => {
      const next = nextFreshness(state, event);
      if (next === state) return;
      const isSamePhase = next.phase === state.phase;
      state = next;
      // A proof while live changes nothing on screen.
      if (!isSamePhase) for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
