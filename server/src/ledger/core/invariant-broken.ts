/** A bug: what was about to be written breaks an invariant. The batch rolls back and the log names the account. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';

  constructor(
    readonly accountId: string,
    what: string,
  ) {
    super(`account ${accountId}: ${what}`);
  }
}
