import { createDecisionRules } from '../../decision-rules.js';
import { firstCatalog } from '../../testing/test-catalog.js';
import { bookProject, countProjects, OTHER_PROJECTS, PROJECTS_A_DAY_MAX } from './book-project.js';
import type { Actor } from './command.js';
import { decide } from './commands.js';
import { applyGroup, type Group } from './group.js';
import { contextAt } from './rules.js';
import type { LoadedAccount } from './state.js';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const ACTOR: Actor = { name: 'service:test', member: 'test', closesAny: true };
const ACCOUNT = '00000000-0000-7000-8000-0000000000aa';

const catalog = firstCatalog();
const rules = createDecisionRules(() => catalog);

/** An account that spends nothing for projects, with the usage that was booked of it so far. */
class Spender {
  readonly account: LoadedAccount;
  /** How often usage was booked to a project, by day. */
  readonly booked = new Map<string, Map<string | null, number>>();
  /** How often the projects of a day had to be loaded. */
  loads = 0;
  now = START;
  private count = 0;

  constructor() {
    const command = {
      type: 'create',
      accountId: ACCOUNT,
      actor: ACTOR,
      externalId: null,
      name: 'Projects',
      plan: 'PRO',
      timeZone: 'UTC',
      billingAnchor: START,
      sandbox: true,
      now: START,
    } as const;
    const created = decide(null, command, contextAt(rules, true, START, START));
    if (created.kind !== 'decided' || !created.creates || !created.group) throw new Error('not created');
    this.account = created.creates;
    this.write(created.group);
  }

  /** Reserves and commits one operation at no cost, as the writer does: what is needed is loaded, then it is asked again. */
  spend(project: string | null): void {
    const command = {
      type: 'reserve',
      accountId: ACCOUNT,
      actor: ACTOR,
      keyed: { key: 'k', scope: 's', input: {} },
      reservationId: `00000000-0000-7000-8000-${String(++this.count).padStart(12, '0')}`,
      quote: null,
      operations: [{ operation: 'content.generate', quantity: 1 }],
      ttlSeconds: 0,
      project,
      member: null,
      reference: null,
      spend: true,
    } as const;
    const decision = decide(this.account, command, contextAt(rules, true, this.now, this.now));
    if (decision.kind !== 'decided' || !decision.group) throw new Error(`${decision.kind}, and no group`);
    let booked = bookProject(this.account, decision.group);
    if ('needs' in booked) {
      const day = booked.needs.projectsOf ?? '';
      this.loads += 1;
      this.account.projects = { day, names: new Set(this.countedApart(day)) };
      booked = bookProject(this.account, decision.group);
    }
    if ('needs' in booked) throw new Error('it asks for what it has');
    this.write(booked);
  }

  bookedOn(day: string, project: string | null): number {
    return this.booked.get(day)?.get(project) ?? 0;
  }

  countedApart(day: string): string[] {
    const projects = [...(this.booked.get(day)?.keys() ?? [])];
    return projects.filter((name): name is string => name !== null && name !== OTHER_PROJECTS);
  }

  /** Forgets what is loaded, as another process would begin. */
  forget(): void {
    this.account.projects = null;
  }

  private write(group: Group): void {
    applyGroup(this.account, group);
    countProjects(this.account, group);
    for (const { day, project, operations } of group.usage) {
      const ofDay = this.booked.get(day) ?? new Map<string | null, number>();
      this.booked.set(day, ofDay.set(project, (ofDay.get(project) ?? 0) + operations));
    }
  }
}

const FIRST_DAY = '2026-01-01';

test('as many projects of a day as are counted apart are; all further ones are counted together', () => {
  const spender = new Spender();
  for (let project = 0; project < PROJECTS_A_DAY_MAX + 5; project++) spender.spend(`p${project}`);
  expect(spender.countedApart(FIRST_DAY)).toHaveLength(PROJECTS_A_DAY_MAX);
  expect(spender.bookedOn(FIRST_DAY, OTHER_PROJECTS)).toBe(5);
  // One that is counted apart stays so, also for a process that has loaded nothing yet.
  spender.spend('p0');
  spender.forget();
  spender.spend('p999');
  expect([spender.bookedOn(FIRST_DAY, 'p0'), spender.bookedOn(FIRST_DAY, 'p999')]).toEqual([2, 2]);
  expect(spender.bookedOn(FIRST_DAY, OTHER_PROJECTS)).toBe(5);
});

test('below a thousand groups of a day its projects are never loaded; above, once', () => {
  const spender = new Spender();
  for (let count = 0; count < PROJECTS_A_DAY_MAX; count++) spender.spend('one');
  expect(spender.loads).toBe(0);
  for (let count = 0; count < 10; count++) spender.spend(`more-${count}`);
  expect(spender.loads).toBe(1);
  expect(spender.countedApart(FIRST_DAY)).toHaveLength(11);
});

test('usage without a project, and under the name of the other projects, takes no place and needs no look', () => {
  const spender = new Spender();
  for (let count = 0; count < PROJECTS_A_DAY_MAX + 3; count++) spender.spend(count % 2 === 0 ? null : OTHER_PROJECTS);
  expect(spender.loads).toBe(0);
  expect(spender.countedApart(FIRST_DAY)).toEqual([]);
  expect([spender.bookedOn(FIRST_DAY, null), spender.bookedOn(FIRST_DAY, OTHER_PROJECTS)]).toEqual([502, 501]);
});

test('the next day begins anew', () => {
  const spender = new Spender();
  for (let project = 0; project < PROJECTS_A_DAY_MAX + 1; project++) spender.spend(`p${project}`);
  spender.now += DAY_MS;
  spender.spend('new');
  expect(spender.bookedOn('2026-01-02', 'new')).toBe(1);
  expect(spender.account.head.projectsDay).toBe('2026-01-02');
});
