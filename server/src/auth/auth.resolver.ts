import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ApiKeys } from './api-keys.js';
import { ApiKeyCreated, CreateApiKeyInput, Viewer, ViewerKind } from './auth.types.js';
import { assertCaller } from './caller.js';
import type { CallerKind } from './caller.js';
import { createApiKey } from './create-api-key.js';
import type { CreateApiKeyDeps } from './create-api-key.js';
import type { RequestContext } from './request-context.js';
import { revokeApiKey } from './revoke-api-key.js';

const VIEWER_KINDS: Readonly<Record<CallerKind, ViewerKind>> = {
  user: ViewerKind.USER,
  service: ViewerKind.SERVICE,
  operator: ViewerKind.OPERATOR,
};

export interface AuthResolverDeps extends CreateApiKeyDeps {
  readonly apiKeys: ApiKeys;
}

/** `viewer`, `createApiKey` and `revokeApiKey`. */
@Resolver()
export class AuthResolver {
  readonly #deps: AuthResolverDeps;

  constructor(deps: AuthResolverDeps) {
    this.#deps = deps;
  }

  @Query(() => Viewer, { description: 'Who is calling and what they may see. Errors: UNAUTHENTICATED.' })
  viewer(@Ctx() { caller }: RequestContext): Viewer {
    assertCaller(caller);
    return Object.assign(new Viewer(), {
      id: caller.id,
      kind: VIEWER_KINDS[caller.kind],
      name: caller.name,
      scopes: [...caller.scopes].sort(),
    });
  }

  @Mutation(() => ApiKeyCreated, {
    description:
      'Makes an API key that never exceeds its maker. The secret is shown once. Errors: BAD_USER_INPUT (`name`, `scopes`, `accountId`), NOT_FOUND for a foreign account, FORBIDDEN without `keys:admin` or for more than the maker has.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<ApiKeyCreated> {
    return createApiKey(this.#deps, caller, input);
  }

  @Mutation(() => ID, {
    description:
      "Ends an API key and closes its open sockets; again: the same answer. Returns the key's id. Errors: BAD_USER_INPUT (`id`), NOT_FOUND for an unknown or foreign key, FORBIDDEN without `keys:admin`.",
  })
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() { caller }: RequestContext): Promise<string> {
    const { dataSource, apiKeys } = this.#deps;
    return revokeApiKey({ dataSource, announceRevoked: (keyId) => apiKeys.announceRevoked(keyId) }, caller, id);
  }
}
