/** Fan-out and idle subscribers, one server process after the other. */
import { startChild } from '../child.mjs';
import { sleep } from '../load.mjs';

const SERVERS = {
  'bare-ws': './sockets/bare-ws.mjs',
  stock: './sockets/stock-graphql-ws.mjs',
  ours: './sockets/ours.mjs',
};

const UPDATES_A_SECOND = 9;

/**
 * Fan-out in every round, A B C, A B C; idle subscribers once a contender, in the last round.
 *
 * @param keep  (scenario, cell, result) of measure.mjs; `score` is the figure
 */
export async function runSockets({ keep, say, database, rounds, quick }) {
  const idleCounts = quick ? [1000] : [1000, 10_000];
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of Object.keys(SERVERS)) {
      const openArguments = name === 'ours' ? { connectionString: await database.create('bench_sockets') } : undefined;
      const result = await measureSockets({
        name,
        subscribers: 1000,
        seconds: quick ? 2 : 6,
        idleCounts: round === rounds ? idleCounts : [],
        openArguments,
      });
      keep('fan-out', name, {
        score: result.messagesPerCpuSecond,
        note: `${result.bytesPerMessage.toFixed(0)} bytes a message, ${(100 * result.delivered).toFixed(1)} % delivered`,
      });
      for (const [count, memory] of Object.entries(result.idle))
        keep(`idle ${count}`, name, { score: memory.heapBytes, note: `resident ${Math.round(memory.rssBytes)}` });
      say(
        `round ${round}  fan-out     ${name.padEnd(13)} ${String(Math.round(result.messagesPerCpuSecond)).padStart(7)} messages a CPU-second`,
      );
    }
  }
}

/**
 * @returns messages a CPU-second of the server, and heap bytes a subscriber at each of `idleCounts`
 */
export async function measureSockets({ name, subscribers, seconds, idleCounts, openArguments }) {
  const server = startChild(SERVERS[name], { execArgv: ['--expose-gc'] });
  const crowd = startChild('./sockets/subscribers.mjs');
  try {
    const target = await server.ask('open', openArguments ?? {});
    const result = { idle: {} };
    if (seconds) {
      await crowd.ask('add', { ...target, count: subscribers });
      await server.ask('publish', { rate: UPDATES_A_SECOND, seconds: 1 });
      await crowd.ask('reset');
      const { cpuSeconds, published } = await server.ask('publish', { rate: UPDATES_A_SECOND, seconds });
      const { messages, bytes } = await crowd.ask('counts');
      Object.assign(result, {
        messagesPerCpuSecond: messages / cpuSeconds,
        delivered: messages / (published * subscribers),
        bytesPerMessage: bytes / messages,
        cpuSeconds,
      });
      await crowd.ask('clear');
      await sleep(500);
    }
    const empty = await server.ask('memory');
    let connected = 0;
    for (const count of idleCounts) {
      await crowd.ask('add', { ...target, count: count - connected });
      connected = count;
      await sleep(500);
      const memory = await server.ask('memory');
      result.idle[count] = {
        heapBytes: (memory.heapBytes - empty.heapBytes) / count,
        rssBytes: (memory.rssBytes - empty.rssBytes) / count,
      };
    }
    await crowd.ask('clear');
    await server.ask('close');
    await Promise.all([server.ask('end'), crowd.ask('end')]);
    return result;
  } catch (error) {
    server.kill();
    crowd.kill();
    throw error;
  }
}
