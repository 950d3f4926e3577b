import { fileURLToPath } from 'node:url';

/** The project's folder, from server/src as from server/dist. */
const PROJECT_DIR = new URL('../../', import.meta.url);

/** Where the embedded database of this checkout lives. */
export const DATA_DIR = fileURLToPath(new URL('.data', PROJECT_DIR));

/** The built dashboard. */
export const DASHBOARD_DIR = fileURLToPath(new URL('client/dist', PROJECT_DIR));
