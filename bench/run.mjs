#!/usr/bin/env node
/** `npm run bench`: installs and builds if needed, then measures. Flags: measure.mjs; fast-paths.mjs after `fast-paths`, storm.mjs after `storm`. */
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
const OTHERS = { 'fast-paths': './fast-paths.mjs', storm: './storm.mjs' };
await import(OTHERS[process.argv[2]] ?? './measure.mjs');
