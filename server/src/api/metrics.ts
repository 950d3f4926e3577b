import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ReadyOperation } from './graphql-engine.js';

/** What this process tells Prometheus. No label names an account, a key or a person. */
export class OperationMetrics {
  readonly registry = new Registry();
  readonly #operations: Counter<'field' | 'outcome'>;
  readonly #seconds: Histogram<'field'>;
  readonly socketsClosed: Counter<'code'>;

  /** @param process  whether to tell of memory, event loop and garbage collection too */
  constructor({ process }: { process: boolean }) {
    const registers = [this.registry];
    if (process) collectDefaultMetrics({ register: this.registry });
    this.#operations = new Counter({
      name: 'credits_operations_total',
      help: 'GraphQL root fields answered, by field and outcome: the type of the answer, or the code of the error.',
      labelNames: ['field', 'outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'credits_operation_seconds',
      help: 'Time from the parsed request to its answer, by first root field.',
      labelNames: ['field'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    this.socketsClosed = new Counter({
      name: 'credits_sockets_closed_total',
      help: 'Closed WebSockets by close code.',
      labelNames: ['code'],
      registers,
    });
  }

  /** Tells, whenever it is asked, how many sockets and subscriptions there are. */
  watchSockets(count: { open: () => number; subscriptions: () => number }): void {
    const registers = [this.registry];
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    gauge('credits_sockets', 'Open WebSockets.', count.open);
    gauge('credits_subscriptions', 'Live subscriptions.', count.subscriptions);
  }

  /** Counts an answered operation. */
  answered({ plan }: ReadyOperation, { errors, data }: FormattedExecutionResult, milliseconds: number): void {
    let isFirst = true;
    for (const selection of plan.root) {
      if (selection.kind === 'typename') continue;
      const field = selection.definition.name;
      const error = errors?.find(({ path }) => path === undefined || path[0] === selection.key);
      this.#operations.inc({ field, outcome: error === undefined ? outcomeOf(data?.[selection.key]) : codeOf(error) });
      if (isFirst) this.#seconds.observe({ field }, milliseconds / 1000);
      isFirst = false;
    }
  }
}

function codeOf({ extensions }: GraphQLFormattedError): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'ERROR';
}

function outcomeOf(value: unknown): string {
  const typename = (value as { __typename?: unknown } | null | undefined)?.__typename;
  return typeof typename === 'string' ? typename : 'OK';
}
