import { anyText, calendarDay, declareSearch, oneOf } from '../../ui/search.js';

/** Everything that the address says of activity. A copied address shows the same. */
export const activityRoomSearch = declareSearch(
  {
    kind: oneOf('all', 'used', 'held', 'back', 'granted', 'gone'),
    credits: oneOf('all', 'standard', 'scan'),
    from: calendarDay,
    to: calendarDay,
    project: anyText(200),
    member: anyText(200),
    reference: anyText(200),
    work: anyText(200),
    entry: anyText(200),
  },
  {
    kind: 'all',
    credits: 'all',
    from: null,
    to: null,
    project: null,
    member: null,
    reference: null,
    work: null,
    entry: null,
  },
);

export type ActivityChosen = ReturnType<typeof activityRoomSearch.read>;
