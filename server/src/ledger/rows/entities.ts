import { entityOf } from './entity-of.js';
import { GRANT } from './grant-rows.js';
import { ENTRY } from './journal-rows.js';
import { RESERVATION } from './reservation-rows.js';
import { USAGE } from './usage-rows.js';

export const GrantEntity = entityOf('grant', GRANT);
export const EntryEntity = entityOf('entry', ENTRY);
export const ReservationEntity = entityOf('reservation', RESERVATION);
export const UsageEntity = entityOf('usage', USAGE);
