import { errors } from 'jose';

/** What may be wrong with a credential that is refused; for whoever runs the server, never told to the caller. */
export const REFUSALS = [
  'malformed',
  'algorithm',
  'signature',
  'expired',
  'issuer',
  'audience',
  'claims',
  'unknown_signing_key',
  'unknown_api_key',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Why a token was refused, from the error of its verification. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'iss' ? 'issuer' : error.claim === 'aud' ? 'audience' : 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown_signing_key';
  return error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported
    ? 'algorithm'
    : 'malformed';
}
