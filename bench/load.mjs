/** A closed loop of callers: each starts its next pair when its last one was answered. */
const OPERATIONS = [['image.short'], ['image.mid'], ['audio.short'], ['regeneration.basic']].map(([operation]) => [
  { operation, quantity: 1 },
]);
let turn = 0;

/** What is reserved: the same small mix for every contender. */
export const operationsFor = () => OPERATIONS[turn++ % OPERATIONS.length];

/**
 * Runs `callers` loops over `pair` for `rampSeconds + seconds`; what ends inside the last `seconds` counts: a reserve
 * and a commit half a pair each, so that slow contenders whose callers march in step are not measured in whole waves.
 * @param pair  (accountIndex, callerId, reserved) => Promise; calls `reserved` between the two; a rejection ends the run
 * @param weight  pairs that one call makes, for batched calls
 * @returns pairs a second, latency of a call in milliseconds (p50, p99), CPU seconds of this process in the window
 */
export async function runLoad({
  pair,
  callers,
  accounts,
  hot = false,
  seconds,
  rampSeconds = 1,
  weight = 1,
  onMeasureStart,
}) {
  const latencies = [];
  let measuring = false;
  let stopped = false;
  let failure;
  let halves = 0;
  const reserved = () => {
    if (measuring) halves += 1;
  };
  const next = hot ? () => 0 : () => Math.floor(Math.random() * accounts);
  const loop = async (callerId) => {
    while (!stopped) {
      const startedAt = performance.now();
      await pair(next(), callerId, reserved);
      if (!measuring) continue;
      halves += 1;
      latencies.push(performance.now() - startedAt);
    }
  };
  const loops = Array.from({ length: callers }, (_, callerId) =>
    loop(callerId).catch((error) => {
      failure ??= error;
      stopped = true;
    }),
  );
  await sleep(rampSeconds * 1000);
  await onMeasureStart?.();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  measuring = true;
  await sleep(seconds * 1000);
  measuring = false;
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  stopped = true;
  await Promise.all(loops);
  if (failure) throw failure;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? NaN;
  return {
    pairsPerSecond: (halves * weight) / 2 / elapsedSeconds,
    p50: at(0.5),
    p99: at(0.99),
    cpuSeconds: (used.user + used.system) / 1e6,
    elapsedSeconds,
  };
}
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
