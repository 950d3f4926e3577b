import {
  Activity,
  Bell,
  ChartColumn,
  Code,
  CreditCard,
  FileText,
  FlaskConical,
  Gauge,
  PiggyBank,
  ScanSearch,
  Sparkles,
  Users,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { Dashboard } from '../src/app/Dashboard.js';
import { openTable } from '../src/app/room.js';
import type { Entry, Group } from '../src/app/room.js';
import { RoomSkeleton } from '../src/features/production/RoomSkeleton.js';
import { WorkWord } from '../src/features/production/WorkWord.js';

function Room() {
  return <p data-room-of-the-test>A room of the test.</p>;
}

const room = (path: string, title: string, icon: LucideIcon, group: Group, order: number): Entry => ({
  path,
  title: () => title,
  icon,
  place: { group, order },
  isFor: () => true,
  View: Room,
  loadParts: [],
});

/** A table as long as the navigation has to hold, in place of the product's own: two rooms of the product, ten of the test. */
export const rooms = openTable([
  {
    path: '/',
    title: () => 'Dashboard',
    icon: Gauge,
    place: { group: 'home', order: 1 },
    isFor: () => true,
    View: Dashboard,
    loadParts: [() => import('../src/features/usage/SpendByDay.js')],
  },
  {
    path: '/production',
    title: () => 'Production Room',
    shortTitle: () => 'Production',
    icon: Sparkles,
    place: { group: 'make', order: 1 },
    isFor: () => true,
    Word: WorkWord,
    load: () => import('../src/features/production/ProductionRoom.js'),
    Skeleton: RoomSkeleton,
  },
  room('/content', 'Content', FileText, 'make', 2),
  room('/scans', 'Brand scans', ScanSearch, 'make', 3),
  room('/billing', 'Billing', CreditCard, 'credits', 1),
  room('/usage', 'Usage', ChartColumn, 'credits', 2),
  room('/activity', 'Activity', Activity, 'credits', 3),
  room('/budgets', 'Budgets', PiggyBank, 'control', 1),
  room('/alerts', 'Alerts', Bell, 'control', 2),
  room('/members', 'Members', Users, 'control', 3),
  room('/developers', 'Developers', Code, 'build', 1),
  { ...room('/demo', 'Demo', FlaskConical, 'build', 2), isFor: ({ isDemo }) => isDemo },
]);
