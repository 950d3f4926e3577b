import { t } from '@lingui/core/macro';
import type { DemoRole } from './stamp.js';

/** Called as the plan that it is on. */
export const demoNames = (): Record<DemoRole, string> => ({ free: t`Free`, pro: t`Pro`, enterprise: t`Enterprise` });
