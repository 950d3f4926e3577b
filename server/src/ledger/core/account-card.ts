/** What is written of an account when it is created, beside its head. */
export interface AccountCard {
  readonly accountId: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly sandbox: boolean;
  /** Who created it, as entries name who acted. */
  readonly createdBy: string;
}
