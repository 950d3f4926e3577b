import { formatId } from '@aibc/shared/ids';

import { SCOPES } from './caller.js';
import { callerOfClaims } from './token-claims.js';

const ACCOUNT = '0198c0de-0000-7000-8000-000000000001';
const PUBLIC_ID = formatId('acct', ACCOUNT);
const BASE = { sub: 'ada', exp: 2_000_000_000 };
const NOW = 1_900_000_000_000;
const ANY_OPERATOR = { operatorSubjects: null, now: NOW };

const scopesOf = (claims: object) => callerOfClaims({ ...BASE, ...claims }, ANY_OPERATOR)?.scopes;

test('a full token says who, what and until when', () => {
  const claims = {
    ...BASE,
    kind: 'user',
    name: 'Ada',
    accounts: { [PUBLIC_ID]: 'member' },
    scope: 'credits:read events:read',
  };
  expect(callerOfClaims(claims, ANY_OPERATOR)).toEqual({
    kind: 'user',
    id: 'ada',
    name: 'Ada',
    scopes: new Set(['credits:read', 'events:read']),
    accounts: new Map([[ACCOUNT, 'member']]),
    sides: ['sandbox', 'live'],
    keyId: null,
    expiresAt: 2_000_000_000_000,
  });
});

test('without a kind it is a user, without a name the subject, without accounts a user sees none', () => {
  expect(callerOfClaims(BASE, ANY_OPERATOR)).toMatchObject({
    kind: 'user',
    name: 'ada',
    accounts: new Map(),
    scopes: new Set(),
  });
});

describe('scopes', () => {
  const own = (role: string) => ({ accounts: { [PUBLIC_ID]: role } });
  test.each<[string, object, readonly string[]]>([
    ['an owner without the claim: all', own('owner'), SCOPES],
    [
      'a member without the claim: those of the role',
      own('member'),
      ['credits:read', 'credits:reserve', 'events:read'],
    ],
    ['a viewer without the claim: those of the role', own('viewer'), ['credits:read', 'events:read']],
    ['a user with the claim: what it names', { ...own('owner'), scope: 'credits:read' }, ['credits:read']],
    ['a user with an empty claim: nothing', { ...own('owner'), scope: '' }, []],
    ["other systems' scopes: ignored", { ...own('owner'), scope: 'openid profile credits:read' }, ['credits:read']],
    ['a service without the claim: nothing', { kind: 'service' }, []],
    ['a service: what it names', { kind: 'service', scope: 'credits:reserve' }, ['credits:reserve']],
    [
      'an operator without the claim: all',
      { kind: 'operator' },
      [...SCOPES, 'credits:grant', 'prices:write', 'reports:read'],
    ],
    [
      'an operator bound to accounts without the claim: all',
      { ...own('viewer'), kind: 'operator' },
      [...SCOPES, 'credits:grant', 'prices:write', 'reports:read'],
    ],
    ['an operator who may grant', { kind: 'operator', scope: 'credits:grant' }, ['credits:grant']],
    [
      "an owner with an operator's scope: ignored",
      { ...own('owner'), scope: 'credits:grant credits:read' },
      ['credits:read'],
    ],
    ["a service with an operator's scope: ignored", { kind: 'service', scope: 'credits:grant' }, []],
    ['an operator with the claim: what it names', { kind: 'operator', scope: 'credits:read' }, ['credits:read']],
  ])('%s', (_what, claims, scopes) => expect(scopesOf(claims)).toEqual(new Set(scopes)));
});

describe('accounts', () => {
  test.each<[string, object, unknown]>([
    ['a service with "*"', { kind: 'service', accounts: '*' }, 'all'],
    ['a service that leaves them out', { kind: 'service' }, 'all'],
    ['a service with none', { kind: 'service', accounts: {} }, new Map()],
    ['an operator', { kind: 'operator', accounts: '*' }, 'all'],
  ])('%s', (_what, claims, accounts) =>
    expect(callerOfClaims({ ...BASE, ...claims }, ANY_OPERATOR)?.accounts).toEqual(accounts),
  );
});

describe('refused', () => {
  test.each<[string, unknown]>([
    ['no subject', { exp: 2_000_000_000 }],
    ['an empty subject', { ...BASE, sub: '' }],
    ['a subject of 201 characters', { ...BASE, sub: 'a'.repeat(201) }],
    ['a subject with a NUL', { ...BASE, sub: 'a\0b' }],
    ['a name with half a character', { ...BASE, name: '\ud800' }],
    ['no expiry', { sub: 'ada' }],
    ['an iat before all time', { ...BASE, iat: -1 }],
    ['an iat that no number holds', { ...BASE, iat: 1e300 }],
    ['an iat that is a text', { ...BASE, iat: '1900000000' }],
    ['an unknown kind', { ...BASE, kind: 'admin' }],
    ['an unknown role', { ...BASE, accounts: { [PUBLIC_ID]: 'god' } }],
    ['a user with all accounts', { ...BASE, accounts: '*' }],
    ['a malformed account id', { ...BASE, accounts: { [ACCOUNT]: 'owner' } }],
    ['accounts as a list', { ...BASE, accounts: [PUBLIC_ID] }],
    ['scopes as a list', { ...BASE, scope: ['credits:read'] }],
    ['nothing at all', undefined],
  ])('%s', (_what, claims) => expect(callerOfClaims(claims, ANY_OPERATOR)).toBeNull());
});

test('where operators are listed, only those are', () => {
  const rules = { operatorSubjects: new Set(['grace']), now: NOW };
  expect(callerOfClaims({ ...BASE, sub: 'grace', kind: 'operator' }, rules)?.kind).toBe('operator');
  expect(callerOfClaims({ ...BASE, sub: 'ada', kind: 'operator' }, rules)).toBeNull();
  expect(callerOfClaims({ ...BASE, sub: 'grace' }, rules)?.kind).toBe('user');
});

test.each<[string, number | undefined, number | undefined]>([
  ['now', 1_900_000_000, NOW],
  ['half a second ago', 1_899_999_999.5, NOW - 500],
  ['5 s ahead, as clocks may differ', 1_900_000_005, NOW + 5_000],
  ['6 s ahead: not known', 1_900_000_006, undefined],
  ['beyond all dates: not known', Number.MAX_SAFE_INTEGER, undefined],
  ['not said', undefined, undefined],
])('issued %s', (_when, iat, issuedAt) =>
  expect(callerOfClaims({ ...BASE, ...(iat === undefined ? {} : { iat }) }, ANY_OPERATOR)?.issuedAt).toBe(issuedAt),
);
