import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

const bootScript = fileURLToPath(new URL('public/boot.js', import.meta.url));

/** The code that each room needs besides the page's own, by the last part of its path: asked for before the page's own has run. */
const rooms: Record<string, string> = { '': 'SpendByDay', production: 'ProductionRoom' };

const chunksOf = (bundle: Bundle): Rolldown.OutputChunk[] =>
  Object.values(bundle).filter((each) => each.type === 'chunk');

/** A chunk and all that it imports, what is imported first. */
function withImports(bundle: Bundle, chunk: Rolldown.OutputChunk): Rolldown.OutputChunk[] {
  const found = new Set<Rolldown.OutputChunk>();
  const add = (each: Rolldown.OutputChunk | Rolldown.OutputAsset | undefined): void => {
    if (each?.type !== 'chunk' || found.has(each)) return;
    for (const name of each.imports) add(bundle[name]);
    found.add(each);
  };
  add(chunk);
  return [...found];
}

const stylesOf = (chunks: Rolldown.OutputChunk[]): Set<string> =>
  new Set(chunks.flatMap((each) => [...(each.viteMetadata?.importedCss ?? [])]));

/**
 * Makes the page alone enough for the first paint, and what follows quick.
 *
 * - Its styles and the script before the first paint are in it: nothing has to be fetched before something is seen. The server
 *   allows them by their hashes, and no others.
 * - Each library is a script of its own that runs as soon as it is there, in a task of its own.
 * - What the rooms need beside that is named, for the script before the first paint to ask for.
 */
export function firstView(): Plugin {
  /** What the page carries or asks for by itself. */
  let present = new Set<string>();
  return {
    name: 'first-view',
    apply: 'build',
    config: () => ({
      build: {
        // What the page has already is not asked for again by a room.
        modulePreload: {
          polyfill: false,
          resolveDependencies: (_file, names, { hostType }) =>
            hostType === 'html' ? names : names.filter((name) => !present.has(name)),
        },
      },
    }),
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        const entry = chunksOf(bundle).find((each) => each.isEntry);
        if (entry === undefined) throw new Error('The page has no script');
        const first = withImports(bundle, entry);
        present = new Set([...stylesOf(first), ...first.map((each) => each.fileName)]);
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, chunk }) {
        if (chunk === undefined) return html;
        const style = (_link: string, name: string): string => {
          const asset = bundle[name];
          if (asset?.type !== 'asset') throw new Error(`${name} is not built`);
          delete bundle[name];
          return `<style>${String(asset.source).trim()}</style>`;
        };
        const metas = Object.entries(rooms).map(([room, name]) => {
          const code = chunksOf(bundle).find((each) => each.name === name);
          if (code === undefined) throw new Error(`${name} is not a chunk of its own`);
          return `<meta name="room-code" data-room="${room}" content="./${code.fileName}" />`;
        });
        return html
          .replace(/<script src="\.\/boot\.js"><\/script>/, () => {
            return `${metas.join('\n    ')}\n    <script>${readFileSync(bootScript, 'utf8').trim()}</script>`;
          })
          .replace(/<link rel="stylesheet" crossorigin href="\.\/([^"]+)">/g, style)
          .replace(/<link rel="modulepreload" crossorigin href="(\.\/[^"]+)">/g, (_link, file: string) => {
            return `<script type="module" async crossorigin src="${file}"></script>`;
          });
      },
    },
  };
}
