/** Where the clocks of frozen sandbox accounts begin. */
export const START = '2026-01-31T10:00:00.000Z';
