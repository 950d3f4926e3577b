/** The dashboard's rooms and states against WCAG 2.2 AA, in every width and scheme, each in a page of its own. */
import { proveByJest } from './jest.mjs';

export async function prove({ bounded, check }) {
  await proveByJest(
    'the screens',
    ['--selectProjects', 'browser', '--testMatch', '<rootDir>/client/e2e/screens.proof.ts', '--runInBand'],
    bounded ? { SCREENS_BOUNDED: '1' } : {},
    check,
  );
}
