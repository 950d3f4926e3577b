import { t } from '@lingui/core/macro';
import {
  Bell,
  ChartColumn,
  CircleQuestionMark,
  Code,
  CreditCard,
  Gauge,
  ListChecks,
  Sparkles,
  Target,
  Users,
} from 'lucide-react';
import { RoomSkeleton } from '../features/production/RoomSkeleton.js';
import { WorkWord } from '../features/production/WorkWord.js';
import { Dashboard } from './Dashboard.js';
import { openTable } from './room.js';

/**
 * Every room of the dashboard. Router, navigation, title, focus and prefetching read this table, and so does the build:
 * the page names what each `import()` of a line becomes, to be asked for before the page's own code has run. The build reads
 * the text of this file: a path is written as a plain string, and an `import()` within its line.
 */
export const rooms = openTable([
  {
    path: '/',
    title: () => t`Dashboard`,
    icon: Gauge,
    place: { group: 'home', order: 1 },
    isFor: () => true,
    hidesTitle: true,
    View: Dashboard,
    loadParts: [
      () => import('../features/holds/InFlight.js'),
      () => import('../features/usage/WhereItWent.js'),
      () => import('../features/usage/SpendByDay.js'),
    ],
  },
  {
    path: '/production',
    title: () => t`Production Room`,
    shortTitle: () => t`Production`,
    icon: Sparkles,
    place: { group: 'make', order: 1 },
    isFor: () => true,
    Word: WorkWord,
    load: () => import('../features/production/ProductionRoom.js'),
    Skeleton: RoomSkeleton,
  },
  {
    path: '/billing',
    title: () => t`Billing`,
    icon: CreditCard,
    place: { group: 'credits', order: 1 },
    isFor: () => true,
    trail: () => [{ title: t`Settings`, path: null }],
    load: () => import('../features/billing/BillingRoom.js'),
  },
  {
    path: '/usage',
    title: () => t`Usage`,
    icon: ChartColumn,
    place: { group: 'credits', order: 2 },
    isFor: () => true,
    isWide: true,
    trail: () => [
      { title: t`Settings`, path: null },
      { title: t`Billing`, path: '/billing' },
    ],
    load: () => import('../features/usage/UsageRoom.js'),
  },
  {
    path: '/activity',
    title: () => t`Activity`,
    icon: ListChecks,
    place: { group: 'credits', order: 3 },
    isFor: () => true,
    isWide: true,
    load: () => import('../features/activity/ActivityRoom.js'),
  },
  {
    path: '/budgets',
    title: () => t`Budgets`,
    icon: Target,
    place: { group: 'control', order: 1 },
    isFor: () => true,
    load: () => import('../features/budgets/BudgetsRoom.js'),
  },
  {
    path: '/alerts',
    title: () => t`Alerts`,
    icon: Bell,
    place: { group: 'control', order: 2 },
    isFor: () => true,
    load: () => import('../features/warnings/AlertsRoom.js'),
  },
  {
    path: '/members',
    title: () => t`Members`,
    icon: Users,
    place: { group: 'control', order: 3 },
    isFor: () => true,
    load: () => import('../features/members/MembersRoom.js'),
  },
  {
    path: '/developers',
    title: () => t`Developers`,
    icon: Code,
    place: { group: 'build', order: 1 },
    isFor: () => true,
    load: () => import('../features/developers/DevelopersRoom.js'),
  },
  {
    path: '/help',
    title: () => t`Help`,
    icon: CircleQuestionMark,
    place: { group: 'control', order: 9 },
    isFor: () => true,
    load: () => import('../features/help/HelpRoom.js'),
  },
]);
