import { changedAccount } from './changed-state.js';
import { type Needing, needs } from './decision.js';
import type { Group } from './group.js';
import type { UsageDelta } from './line-deltas.js';
import type { LoadedAccount } from './state.js';

/** How many projects of an account-day are counted apart. Source: docs/domain.md, Usage */
export const PROJECTS_A_DAY_MAX = 1_000;
/** The name under which usage of all further projects is counted. */
export const OTHER_PROJECTS = '(other)';

/**
 * Books a group's usage to its project, or to the other projects when the account-day has as many as are counted apart.
 *
 * A group books usage of one reservation and so of one project. So an account-day has at most as many projects as versions since its
 * first, which the head knows: only an account with more than a thousand groups in a day has to be looked at. Pure.
 *
 * @param account  before the group
 * @returns the group as it is to be written, or what has to be loaded first: the projects of that day
 * Source: docs/decisions/projects-a-day.md
 */
export function bookProject({ head, projects }: LoadedAccount, group: Group): Group | Needing {
  const [first] = group.usage;
  if (first === undefined || !isCounted(first)) return group;
  const { day, project } = first;
  if (head.projectsDay !== day) {
    const begun = { projectsDay: day, projectsDayVersion: head.version };
    return { ...group, head: changedAccount(group.head, begun) };
  }
  if (head.version - head.projectsDayVersion < PROJECTS_A_DAY_MAX) return group;
  if (projects?.day !== day) return needs({ projectsOf: day });
  if (projects.names.has(project) || projects.names.size < PROJECTS_A_DAY_MAX) return group;
  return { ...group, usage: group.usage.map((delta) => ({ ...delta, project: OTHER_PROJECTS })) };
}

/** Adds a group's project to those that are loaded of its day. */
export function countProjects({ projects }: LoadedAccount, group: Group): void {
  if (projects === null) return;
  for (const usage of group.usage)
    if (isCounted(usage) && usage.day === projects.day) projects.names.add(usage.project);
}

/** Whether usage counts for a project of its own. */
export function isCounted(usage: UsageDelta): usage is UsageDelta & { readonly project: string } {
  return usage.project !== null && usage.project !== OTHER_PROJECTS;
}
