/** Counts what came of the work and how long the answers took. */
export class Tally {
  #outcomes = new Map();
  #requests = new Map();
  #problems = new Map();
  #second = { works: 0, ms: [] };
  unexpected = 0;

  /** A piece of work came to its end: `done`, `failed`, `short` … */
  ended(outcome, credits = 0) {
    const row = this.#outcomes.get(outcome) ?? { works: 0, credits: 0 };
    this.#outcomes.set(outcome, { works: row.works + 1, credits: row.credits + credits });
    this.#second.works += 1;
  }

  answered(name, ms) {
    this.#request(name).ms.push(ms);
    this.#second.ms.push(ms);
  }

  retried(name, problem) {
    this.#request(name).retries += 1;
    this.#problems.set(problem, (this.#problems.get(problem) ?? 0) + 1);
  }

  failed(error) {
    this.unexpected += 1;
    if (this.unexpected <= 10) console.error(error instanceof Error ? error.message : error);
    this.ended('UNEXPECTED');
  }

  #request(name) {
    if (!this.#requests.has(name)) this.#requests.set(name, { ms: [], retries: 0 });
    return this.#requests.get(name);
  }

  /** One line about the second that has passed; starts a new one. */
  takeSecond(inFlight, balances) {
    const { works, ms } = this.#second;
    this.#second = { works: 0, ms: [] };
    const outcomes = [...this.#outcomes].map(([outcome, row]) => `${outcome} ${row.works}`).join(' · ');
    return `${String(works).padStart(4)} ended  ${ms.length} requests p50 ${show(ms, 50)} p95 ${show(ms, 95)} ms  ${inFlight} under way  ${balances}  | ${outcomes}`;
  }

  print() {
    table(
      ['what came of it', 'works', 'credits'],
      [...this.#outcomes].map(([outcome, { works, credits }]) => [outcome, works, credits]),
    );
    table(
      ['request', 'answers', 'p50 ms', 'p95 ms', 'p99 ms', 'retries'],
      [...this.#requests].map(([name, { ms, retries }]) => [
        name,
        ms.length,
        show(ms, 50),
        show(ms, 95),
        show(ms, 99),
        retries,
      ]),
    );
    if (this.#problems.size > 0) table(['tried again because of', 'times'], [...this.#problems]);
  }
}

function show(ms, percent) {
  if (ms.length === 0) return '-';
  const sorted = [...ms].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))].toFixed(1);
}

/** Prints rows under their heads; the first column to the left, figures to the right. */
export function table(heads, rows) {
  const lines = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log('');
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  '),
    );
  }
}
