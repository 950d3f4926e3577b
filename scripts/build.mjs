/** `npm run build`: checks types and builds server and dashboard. */
import { build, ensureInstalled, ensureNode } from './project.mjs';

ensureNode();
await ensureInstalled();
process.exitCode = await build();
