import { getNamedType, isAbstractType } from 'graphql';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ReadyRequest } from './engine/request.js';
import { isPublicCode } from './mask-error.js';
import type { FieldStep, Recipe } from './engine/recipe.js';

/** Codes by which this server, graphql-ws and well-behaved clients close. */
const KNOWN_CLOSES: ReadonlySet<number> = new Set([
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429,
  4499, 4500,
]);

/** What this process tells Prometheus. Labels come from closed lists: no caller can write one, none names an account, a key or a person. */
export class RequestMetrics {
  readonly registry = new Registry();
  readonly #operations: Counter<'field' | 'outcome'>;
  readonly #seconds: Histogram<'field'>;
  readonly #socketsClosed: Counter<'code'>;

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
    this.#socketsClosed = new Counter({
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

  /** Counts a closed WebSocket. Callers choose codes too: those that this server and its protocol do not know share one name. */
  socketClosed(code: number): void {
    this.#socketsClosed.inc({ code: KNOWN_CLOSES.has(code) ? String(code) : 'other' });
  }

  /** Counts an answered operation. */
  answered({ recipe }: ReadyRequest, { errors, data }: FormattedExecutionResult, milliseconds: number): void {
    let isFirst = true;
    for (const selection of recipe.root) {
      if (selection.kind === 'typename') continue;
      const field = selection.definition.name;
      const error = errors?.find(({ path }) => path === undefined || path[0] === selection.key);
      const outcome = error === undefined ? outcomeOf(recipe, selection, data?.[selection.key]) : codeOf(error);
      this.#operations.inc({ field, outcome });
      if (isFirst) this.#seconds.observe({ field }, milliseconds / 1000);
      isFirst = false;
    }
  }
}

function codeOf({ extensions }: GraphQLFormattedError): string {
  const code = extensions?.['code'];
  return isPublicCode(code) ? code : 'ERROR';
}

/**
 * The type of an answer whose field may answer several, where the caller asked for it.
 *
 * `__typename` in an answer may be another field under that name, so it is believed only where the recipe says that it is the type's
 * name: what a label says comes from the schema, never from what a caller wrote.
 */
function outcomeOf(recipe: Recipe, field: FieldStep, value: unknown): string {
  const type = getNamedType(field.definition.type);
  if (!isAbstractType(type)) return 'OK';
  const said = (value as { __typename?: unknown } | null | undefined)?.__typename;
  const answered = recipe.schema.getPossibleTypes(type).find(({ name }) => name === said);
  if (answered === undefined) return 'OK';
  const isTypename = recipe
    .selectionsOf(field, answered)
    .some(({ kind, key }) => kind === 'typename' && key === '__typename');
  return isTypename ? answered.name : 'OK';
}
