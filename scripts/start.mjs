/** `npm start`: installs and builds if needed, then serves, in this very process, so that signals need no forwarding. */
import { endWithNpm, ensureBuilt, ensureInstalled, ensureNode } from './project.mjs';

ensureNode();
endWithNpm();
await ensureInstalled();
await ensureBuilt();
await import('../server/dist/main.js');
