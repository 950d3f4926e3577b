#!/usr/bin/env node
/** `npm run bench`: installs and builds if needed, then measures. Flags: measure.mjs; fast-paths.mjs after `fast-paths`. */
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
await import(process.argv[2] === 'fast-paths' ? './fast-paths.mjs' : './measure.mjs');
