import { isolate } from '../../kit/check-text.js';
import { type ActionKind, asKept } from './action-kind.js';

type ApiKeyNamed = {
  /** Public id. */
  readonly keyId: string;
  readonly name: string;
};

const keyOf = ({ keyId, name }: ApiKeyNamed): string => `the API key ${isolate(name)} (${keyId})`;

/** An API key was made. */
export const API_KEY_CREATED: ActionKind<ApiKeyNamed & { readonly scopes: readonly string[] }> = {
  formats: [asKept],
  describe: ({ scopes, ...key }) => `Created ${keyOf(key)} for ${scopes.join(', ')}.`,
};

/** An API key was ended by somebody. */
export const API_KEY_REVOKED: ActionKind<ApiKeyNamed> = {
  formats: [asKept],
  describe: (key) => `Revoked ${keyOf(key)}.`,
};

/** An API key ended with the access of the user that made it. */
export const API_KEY_ENDED: ActionKind<ApiKeyNamed & { readonly maker: string }> = {
  formats: [asKept],
  describe: ({ maker, ...key }) => `Ended ${keyOf(key)}: ${isolate(maker)}, who made it, has no access any more.`,
};
