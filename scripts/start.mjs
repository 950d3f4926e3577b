/** `npm start`: installs and builds if needed, then serves, in this very process, so that signals need no forwarding. */
import { ensureBuilt, ensureInstalled, ensureNode } from './project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
await import('../server/dist/main.js');
