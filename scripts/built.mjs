/** `node scripts/built.mjs <file> …`: installs and builds if needed, then runs that file of the build in this process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ensureBuilt, ensureInstalled, ensureNode, root } from './project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
const [file] = process.argv.splice(2, 1);
process.argv[1] = join(root, file);
await import(pathToFileURL(process.argv[1]).href);
