#!/usr/bin/env node
/** `npm run bench`: installs and builds if needed, then measures. Flags: measure.mjs; after `budgets`, `fast-paths`, `storm` those of that file. */
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
const OTHERS = { budgets: './budgets.mjs', 'fast-paths': './fast-paths.mjs', storm: './storm.mjs' };
await import(OTHERS[process.argv[2]] ?? './measure.mjs');
