import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { transform } from '@swc/core';

import { swcOptions } from './swc.mjs';

const shared = new URL('../shared/src/', import.meta.url);

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('@aibc/shared/')) {
    const url = new URL(`${specifier.slice('@aibc/shared/'.length)}.ts`, shared);
    return { url: url.href, shortCircuit: true };
  }
  const relative = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  if (relative && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: pathToFileURL(fileURLToPath(source)).href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...swcOptions, filename, swcrc: false });
  return { format: 'module', source: code, shortCircuit: true };
}
