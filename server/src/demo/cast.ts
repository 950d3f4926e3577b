import type { DemoCharacter, Work } from './character.js';

const WHOLE: Omit<Work, 'operation' | 'times'> = { quantity: 1, finished: null, ending: 'SUCCEEDED', daily: false };

function did(counts: Readonly<Record<string, number>>): Work[] {
  return Object.entries(counts).map(([operation, times]) => ({ ...WHOLE, operation, times }));
}

function partly(operation: string, quantity: number, finished: number): Work {
  return { ...WHOLE, operation, times: 1, quantity, finished };
}

function inVain(ending: Work['ending'], ...operations: string[]): Work[] {
  return operations.map((operation) => ({ ...WHOLE, operation, times: 1, ending }));
}

function daily(operation: string, times: number): Work {
  return { ...WHOLE, operation, times, daily: true };
}

const FREE: DemoCharacter = {
  role: 'free',
  externalId: 'demo-free',
  name: 'Free',
  plan: 'FREE',
  timeZone: 'Europe/London',
  daysIntoPeriod: 8,
  gapMinutes: 5,
  members: ['demo-free'],
  projects: ['Bakery blog'],
  gifts: [],
  stages: [
    {
      from: ['start', 0.2],
      to: ['end', -0.04],
      works: [
        ...did({ 'content.generate': 26, 'media.upload': 15, standard_scan: 6 }),
        daily('regeneration.basic', 12),
      ],
    },
  ],
  openBatch: null,
};

/** Runs dry before the reset, is helped out by a promotion of which some expires, and has 62 of 100 left on the day of the demo. */
const PRO: DemoCharacter = {
  role: 'pro',
  externalId: 'demo-pro',
  name: 'Pro',
  plan: 'PRO',
  timeZone: 'Europe/Berlin',
  daysIntoPeriod: 12,
  gapMinutes: 20,
  members: ['demo-pro', 'mia', 'jonas'],
  projects: ['Spring launch', 'Podcast pilot', 'Newsletter'],
  gifts: [
    {
      at: ['start', 0.1],
      credits: 5,
      creditType: 'SCAN',
      source: 'BONUS',
      expiresAt: ['end', 300],
      reason: 'Welcome: five deep scans',
    },
    {
      at: ['reset', -7.4],
      credits: 25,
      creditType: 'STANDARD',
      source: 'PROMOTION',
      expiresAt: ['reset', -2],
      reason: 'Spring promotion',
    },
  ],
  stages: [
    {
      from: ['start', 0.2],
      to: ['reset', -7.6],
      works: [
        ...did({
          'image.short': 6,
          'image.mid': 2,
          'audio.short': 1,
          'video.short': 1,
          'regeneration.advanced': 1,
          'regeneration.basic': 2,
        }),
        ...did({ 'content.generate': 9, 'media.upload': 8, standard_scan: 2, deep_scan: 1 }),
        ...inVain('FAILED', 'image.short'),
        ...inVain('EXPIRED', 'image.short'),
      ],
    },
    {
      from: ['reset', -7.2],
      to: ['reset', -2.3],
      works: [
        ...did({
          'image.short': 3,
          'regeneration.advanced': 1,
          'regeneration.basic': 1,
          'content.generate': 3,
          'media.upload': 2,
        }),
        ...inVain('BLOCKED', 'image.short'),
      ],
    },
    {
      from: ['reset', -1.9],
      to: ['reset', -0.1],
      works: did({ 'regeneration.basic': 2, 'content.generate': 3, 'media.upload': 1 }),
    },
    {
      from: ['reset', 0.2],
      to: ['end', -0.05],
      works: [
        ...did({ 'image.short': 4, 'image.mid': 1, 'regeneration.advanced': 2, 'regeneration.basic': 4 }),
        ...did({ 'content.generate': 8, 'media.upload': 7, standard_scan: 2, deep_scan: 1 }),
        ...inVain('FAILED', 'image.mid'),
        ...inVain('RELEASED', 'video.short'),
      ],
    },
  ],
  openBatch: null,
};

/** A busy team: hundreds of credits a month, a bonus on top, and a batch under way. */
const ENTERPRISE: DemoCharacter = {
  role: 'enterprise',
  externalId: 'demo-enterprise',
  name: 'Enterprise',
  plan: 'ENTERPRISE',
  timeZone: 'America/New_York',
  daysIntoPeriod: 18,
  gapMinutes: 1,
  members: ['ava', 'noah', 'demo-enterprise', 'lena', 'omar'],
  projects: ['Spring launch', 'Autumn catalogue', 'Brand refresh', 'Customer stories'],
  gifts: [
    {
      at: ['start', 0.1],
      credits: 12,
      creditType: 'SCAN',
      source: 'BONUS',
      expiresAt: ['end', 300],
      reason: 'Onboarding: twelve deep scans',
    },
    {
      at: ['end', -6],
      credits: 150,
      creditType: 'STANDARD',
      source: 'BONUS',
      expiresAt: ['end', 90],
      reason: 'Partner bonus',
    },
  ],
  stages: [
    {
      from: ['start', 0.2],
      to: ['reset', -0.2],
      works: [
        ...did({ 'video.long': 1, 'video.mid': 1, 'video.short': 2, 'audio.mid': 2, 'audio.short': 3 }),
        ...did({
          'image.long': 2,
          'image.mid': 4,
          'image.short': 6,
          'regeneration.advanced': 6,
          'regeneration.basic': 10,
        }),
        ...did({ 'content.generate': 34, 'media.upload': 28, standard_scan: 9, deep_scan: 5 }),
        partly('image.short', 4, 3),
        ...inVain('FAILED', 'image.short', 'video.short', 'audio.short'),
        ...inVain('RELEASED', 'image.mid', 'image.short'),
        ...inVain('BLOCKED', 'image.short'),
        ...inVain('EXPIRED', 'image.mid'),
      ],
    },
    {
      from: ['reset', 0.2],
      to: ['end', -0.05],
      works: [
        ...did({
          'video.mid': 1,
          'video.short': 1,
          'audio.short': 2,
          'image.long': 1,
          'image.mid': 3,
          'image.short': 3,
        }),
        ...did({ 'regeneration.advanced': 5, 'regeneration.basic': 8 }),
        ...did({ 'content.generate': 41, 'media.upload': 30, standard_scan: 11, deep_scan: 4 }),
        partly('image.short', 5, 3),
        ...inVain('FAILED', 'image.mid', 'video.short'),
        ...inVain('RELEASED', 'image.short', 'audio.short'),
        ...inVain('BLOCKED', 'image.mid'),
        ...inVain('EXPIRED', 'image.short'),
      ],
    },
  ],
  openBatch: { at: ['end', -0.017], operation: 'image.mid', quantity: 4, finished: 1 },
};

/** Whose month the demo shows. */
export const DEMO_CAST: readonly DemoCharacter[] = [FREE, PRO, ENTERPRISE];
