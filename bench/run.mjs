#!/usr/bin/env node
/** `npm run bench`: installs and builds if needed, then measures. Flags: measure.mjs. */
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
await import('./measure.mjs');
