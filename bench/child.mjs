/** Processes of the benchmark: started, asked, stopped; and the CPU time that processes use. */
import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Starts `file` and returns `ask(action, arguments)`, which answers what the child answers. */
export function startChild(file, { execArgv = [], env = {} } = {}) {
  const child = fork(new URL(file, import.meta.url), [], {
    // As `npm start` runs the server; the peers get the same.
    execArgv: ['--max-semi-space-size=64', ...execArgv],
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const waiting = new Map();
  let last = 0;
  let onMeasuring = () => undefined;
  child.on('message', ({ id, value, error, measuring }) => {
    if (measuring) return onMeasuring();
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(value);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${signal ?? code})`));
    waiting.clear();
  });
  return {
    pid: child.pid,
    ask: (action, message = {}, { whenMeasuring } = {}) =>
      new Promise((resolve, reject) => {
        onMeasuring = whenMeasuring ?? (() => undefined);
        const id = (last += 1);
        waiting.set(id, { resolve, reject });
        child.send({ id, do: action, ...message });
      }),
    kill: () => child.kill('SIGKILL'),
  };
}

/** CPU seconds used so far by a process, its threads and its ended children; NaN where /proc is absent. */
export function cpuSecondsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return (fields[11] + fields[12] + fields[13] + fields[14]) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** CPU seconds of a process and all its living children: a PostgreSQL server with its backends. */
export function cpuSecondsOfTree(parent) {
  let total = cpuSecondsOf(parent);
  if (Number.isNaN(total)) return NaN;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      if (fields[1] === parent) total += (fields[11] + fields[12]) / TICKS_PER_SECOND;
    } catch {
      // Ended between the listing and the reading.
    }
  }
  return total;
}

/** CPU seconds that the whole machine was busy so far. */
export function cpuSecondsOfMachine() {
  try {
    const [user, nice, system, , , interrupts, softInterrupts, stolen] = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]
      .trim()
      .split(/ +/)
      .slice(1)
      .map(Number);
    return (user + nice + system + interrupts + softInterrupts + stolen) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** The parent of a process: of a backend, the PostgreSQL server. */
export function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return NaN;
  }
}

/** The child's side: answers each message of the parent with what `actions[message.do]` returns or throws. */
export function answerParent(actions) {
  process.on('message', async ({ id, do: action, ...rest }) => {
    try {
      const value = action === 'end' ? undefined : await actions[action](rest);
      process.send({ id, value });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    if (action === 'end') process.disconnect();
  });
}
