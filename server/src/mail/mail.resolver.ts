import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { readAccountId } from '../accounts/account-id.js';
import type { AccountSource } from '../accounts/account-source.js';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { paragraphs } from '../kit/paragraphs.js';
import { EmailPreferences, SetEmailPreferencesInput } from './mail.types.js';
import { readPreferences } from './preference-rows.js';
import { setEmailPreferences, type SetEmailPreferencesDeps } from './set-email-preferences.js';

export interface MailResolverDeps extends SetEmailPreferencesDeps {
  readonly accounts: AccountSource;
  /** Whom people may ask, by the configuration; null: nobody is named. */
  readonly supportAddress: string | null;
}

/** Which mails an account's owner wants. */
@Resolver(() => Account)
export class MailResolver {
  constructor(private readonly deps: MailResolverDeps) {}

  @Query(() => String, {
    nullable: true,
    description:
      'Where questions about credits are answered by mail; null: the server names nobody. Any scope will do.',
  })
  supportAddress(@Ctx() { caller }: RequestContext): string | null {
    assertCaller(caller);
    return this.deps.supportAddress;
  }

  @FieldResolver(() => EmailPreferences, {
    description: 'Which mails are sent, and where. Errors: FORBIDDEN without `keys:admin`.',
  })
  async emailPreferences(@Root() account: Account, @Ctx() { caller }: RequestContext): Promise<EmailPreferences> {
    const identity = { id: readAccountId(account.id, 'id'), sandbox: account.sandbox };
    assertAccount(caller, identity, 'keys:admin');
    const found = (await readPreferences(this.deps.dataSource, [identity.id])).get(identity.id);
    return {
      address: found?.address ?? null,
      confirmed: found?.isConfirmed ?? false,
      lowBalance: found?.kinds.has('LOW_BALANCE') ?? false,
      periodReset: found?.kinds.has('PERIOD_RESET') ?? false,
      receipts: found?.kinds.has('RECEIPTS') ?? false,
      expiring: found?.kinds.has('EXPIRING') ?? false,
    };
  }

  @Mutation(() => Account, {
    description: paragraphs(
      'Says where mails about an account go and which kinds are sent; what is left out stays as it is, and nothing is sent unless it was asked for. A new address is unconfirmed until the link in the mail that goes there was followed; nothing else is sent to it before. Naming an address that is not confirmed sends the link again.',
      'Errors: BAD_USER_INPUT `address` or `accountId`, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `keys:admin`, RATE_LIMITED beyond five confirmations a day of an account or to an address, UNAVAILABLE (repeat it).',
      'Concurrency: calls at once are done one after the other, each changes only what it names. Idempotency: repeated, it leaves things as they are, but for another link to an address that is not confirmed.',
      'Rules: docs/domain.md, Thresholds, events, notifications; docs/api.md, E-mail.',
    ),
  })
  async setEmailPreferences(
    @Arg('input', () => SetEmailPreferencesInput) input: SetEmailPreferencesInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    await setEmailPreferences(this.deps, caller, input);
    return this.deps.accounts.read(caller, readAccountId(input.accountId, 'accountId'));
  }
}
