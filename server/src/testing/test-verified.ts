import { verifyLedger } from '../ledger/books/verify.js';
import type { TestLedger } from './test-ledger.js';

/**
 * Ends a test's ledger, whose books must be right whatever the tests did.
 *
 * @throws Error with what is wrong with them
 */
export async function closeVerified(books: TestLedger): Promise<void> {
  const { problems } = await verifyLedger(books);
  await books.close();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
