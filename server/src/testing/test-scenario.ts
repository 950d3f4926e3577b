import type { Command } from '../ledger/core/commands.js';
import type { Outcome } from '../ledger/core/outcome.js';
import { verifyLedger } from '../ledger/books/verify.js';
import type { TestLedger } from './test-ledger.js';
import { ScenarioAccount } from './test-scenario-account.js';
import { ScenarioAnswers } from './test-scenario-answers.js';
import { commandOf } from './test-scenario-commands.js';

/**
 * Plays a scenario table against a real ledger: one command a line, after the arrow what it must come to.
 *
 * ```
 * open PRO                            -> available 100
 * reserve R1 40 ttl 60s               -> available 60 held 40
 * commit R1 25                        -> available 75 held 0 ; R1 COMMITTED committed 25 released 15 ; events
 * release R1                          -> ReservationClosed COMMITTED
 * ```
 * Names stand for ids; a line that begins with `&` joins the batch of the line before. A reserve, spend or grant takes its name as its key,
 * so that saying it again repeats it; others take a fresh key unless `key` says one. After the last line the books are verified.
 */
export class Scenario {
  private readonly scene: ScenarioAccount;
  private readonly answers: ScenarioAnswers;

  constructor(private readonly books: TestLedger) {
    this.scene = new ScenarioAccount(books);
    this.answers = new ScenarioAnswers(this.scene);
  }

  /** @returns the table as expected and as it came to be, line by line, to be compared */
  async play(table: string): Promise<{ readonly expected: readonly string[]; readonly actual: readonly string[] }> {
    const expected: string[] = [];
    const actual: string[] = [];
    const lines = table
      .split('\n')
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== '');
    for (let index = 0; index < lines.length;) {
      const batch = [lines[index++] as string];
      while (lines[index]?.startsWith('&')) batch.push((lines[index++] as string).slice(1).trim());
      const commands: Command[] = [];
      for (const line of batch) commands.push(await commandOf(this.scene, (line.split('->')[0] ?? '').trim()));
      const outcomes = await Promise.all(commands.map((command) => this.books.ledger.submit(command)));
      for (const [position, line] of batch.entries()) {
        const [command = '', clauses = ''] = line.split('->');
        const said = clauses
          .split(';')
          .map((clause) => clause.trim().replace(/\s+/g, ' '))
          .filter((clause) => clause !== '');
        const shown: string[] = [];
        for (const clause of said) shown.push(await this.answers.show(clause, outcomes[position] as Outcome));
        const what = command.trim().replace(/\s+/g, ' ');
        expected.push(`${what} -> ${said.join(' ; ')}`);
        actual.push(`${what} -> ${shown.join(' ; ')}`);
      }
    }
    const { problems } = await verifyLedger({ ...this.books, accountIds: [this.scene.accountId] });
    return {
      expected: [...expected, 'the books are right'],
      actual: [...actual, ...(problems.length === 0 ? ['the books are right'] : problems)],
    };
  }
}
