/** A contender in a process of its own, told by measure.mjs to open, run, check, maintain and close. */
import { answerParent } from './child.mjs';
import { runLoad } from './load.mjs';

const CONTENDERS = {
  typeorm: './peers/typeorm-peer/contender.mjs',
  pg: './peers/pg-peer/contender.mjs',
  engine: './engine/contender.mjs',
  server: './engine/server.mjs',
  ceiling: './engine/ceiling.mjs',
};
let contender;
let accounts;

answerParent({
  async open(message) {
    const { openContender } = await import(CONTENDERS[message.name]);
    accounts = message.accounts;
    contender = await openContender(message);
    return contender.info ?? {};
  },
  run({ callers, hot, seconds, rampSeconds }) {
    const pair = contender.pair.bind(contender);
    return runLoad({
      pair,
      callers,
      hot,
      seconds,
      rampSeconds,
      accounts,
      onMeasureStart: () => process.send({ measuring: true }),
    });
  },
  call: ({ method, argument }) => contender[method](argument),
  check: () => contender.check(),
  maintain: async () => void (await contender.maintain()),
  close: async () => void (await contender.close()),
});
