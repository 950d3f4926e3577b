import {
  SCOPES,
  actorOf,
  assertAccount,
  assertCreateAccount,
  assertOperator,
  assertScope,
  mayRead,
  mayUse,
} from './caller.js';
import type { AccountIdentity, Caller, Role, Scope } from './caller.js';

const MINE: AccountIdentity = { id: '0198c0de-0000-7000-8000-000000000001', sandbox: true };
const MINE_LIVE: AccountIdentity = { id: MINE.id, sandbox: false };
const FOREIGN: AccountIdentity = { id: '0198c0de-0000-7000-8000-000000000002', sandbox: true };

function callerWith(changes: Partial<Caller> = {}): Caller {
  return {
    kind: 'user',
    id: 'ada',
    name: 'Ada',
    scopes: new Set(SCOPES),
    accounts: new Map<string, Role>([[MINE.id, 'owner']]),
    sides: ['sandbox', 'live'],
    keyId: null,
    expiresAt: null,
    ...changes,
  };
}

const role = (name: Role) => callerWith({ accounts: new Map([[MINE.id, name]]) });
const scoped = (...scopes: Scope[]) => callerWith({ kind: 'service', accounts: 'all', scopes: new Set(scopes) });

function codeOf(work: () => void): string {
  try {
    work();
    return 'let through';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('who sees an account', () => {
  test.each<[string, Caller, AccountIdentity, boolean]>([
    ['a member of it', callerWith(), MINE, true],
    ['a viewer of it', role('viewer'), MINE, true],
    ['nobody of another', callerWith(), FOREIGN, false],
    ['a user without accounts', callerWith({ accounts: new Map() }), MINE, false],
    ['a service of all accounts', scoped('credits:read'), FOREIGN, true],
    ['a test key, the sandbox', callerWith({ sides: ['sandbox'] }), MINE, true],
    ['a test key, a live account', callerWith({ sides: ['sandbox'] }), MINE_LIVE, false],
    ['a live key of all accounts, a sandbox account', callerWith({ accounts: 'all', sides: ['live'] }), MINE, false],
  ])('%s: %#', (_who, caller, account, sees) => {
    expect(mayRead(caller, account)).toBe(sees);
    if (!sees)
      for (const scope of SCOPES) expect(codeOf(() => assertAccount(caller, account, scope))).toBe('NOT_FOUND');
  });
});

describe('what roles and scopes let through', () => {
  const readOnly: Scope[] = ['credits:read', 'events:read'];
  test.each<[string, Caller, readonly Scope[]]>([
    ['an owner: all of the account', role('owner'), SCOPES],
    ['a member: read, reserve, spend', role('member'), [...readOnly, 'credits:reserve']],
    ['a viewer: read', role('viewer'), readOnly],
    [
      'an owner whose token says credits:read: only that',
      callerWith({ scopes: new Set(['credits:read']) }),
      ['credits:read'],
    ],
    ['a viewer whose token says keys:admin: nothing', { ...role('viewer'), scopes: new Set(['keys:admin']) }, []],
    ['a service: by scope', scoped('credits:reserve', 'events:read'), ['credits:reserve', 'events:read']],
    ['a service without scopes: nothing', scoped(), []],
    ['an operator: everything', callerWith({ kind: 'operator', accounts: 'all' }), SCOPES],
  ])('%s', (_who, caller, allowed) => {
    for (const scope of SCOPES) {
      expect(mayUse(caller, MINE, scope)).toBe(allowed.includes(scope));
      expect(codeOf(() => assertAccount(caller, MINE, scope))).toBe(
        allowed.includes(scope) ? 'let through' : 'FORBIDDEN',
      );
    }
  });

  test('a role counts for its own account only', () => {
    const caller = callerWith({
      accounts: new Map([
        [MINE.id, 'owner'],
        [FOREIGN.id, 'viewer'],
      ]),
    });
    expect(mayUse(caller, MINE, 'credits:purchase')).toBe(true);
    expect(mayUse(caller, FOREIGN, 'credits:purchase')).toBe(false);
  });
});

describe('doors', () => {
  const operator = callerWith({ kind: 'operator', accounts: 'all' });
  test.each<[string, () => void, string]>([
    ['nobody, an account', () => assertAccount(null, MINE, 'credits:read'), 'UNAUTHENTICATED'],
    ['nobody, a scope', () => assertScope(null, 'credits:read'), 'UNAUTHENTICATED'],
    ['nobody, an operator action', () => assertOperator(null), 'UNAUTHENTICATED'],
    ['an account that does not exist', () => assertAccount(operator, null, 'credits:read'), 'NOT_FOUND'],
    ['a scope that is missing', () => assertScope(scoped('events:read'), 'credits:read'), 'FORBIDDEN'],
    ['a user, an operator action', () => assertOperator(callerWith()), 'FORBIDDEN'],
    ['a service, an operator action', () => assertOperator(scoped(...SCOPES)), 'FORBIDDEN'],
    ['an operator, an operator action', () => assertOperator(operator), 'let through'],
    ['a user creates an account', () => assertCreateAccount(callerWith(), true), 'FORBIDDEN'],
    ['a service creates an account', () => assertCreateAccount(scoped('keys:admin'), false), 'let through'],
    [
      'a service without keys:admin creates an account',
      () => assertCreateAccount(scoped('credits:reserve'), true),
      'FORBIDDEN',
    ],
    [
      'a service of one account creates another',
      () => assertCreateAccount(callerWith({ kind: 'service' }), true),
      'FORBIDDEN',
    ],
    [
      'a test key creates a live account',
      () => assertCreateAccount({ ...operator, sides: ['sandbox'] }, false),
      'FORBIDDEN',
    ],
    [
      'a test key creates a sandbox account',
      () => assertCreateAccount({ ...operator, sides: ['sandbox'] }, true),
      'let through',
    ],
  ])('%s: %#', (_what, work, outcome) => expect(codeOf(work)).toBe(outcome));
});

test('entries name users, services and operators apart', () => {
  expect(actorOf(callerWith())).toBe('user:ada');
  expect(actorOf(callerWith({ kind: 'service', id: 'key_x' }))).toBe('service:key_x');
});
