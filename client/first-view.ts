import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

const bootScript = fileURLToPath(new URL('public/boot.js', import.meta.url));

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

/** Any part of the table's syntax tree. */
type Syntax = { type: string; [field: string]: unknown };

const isSyntax = (value: unknown): value is Syntax => typeof value === 'object' && value !== null && 'type' in value;

/** A part of a syntax tree and all within it. */
function* within(part: unknown): Generator<Syntax> {
  if (Array.isArray(part)) for (const each of part) yield* within(each);
  else if (isSyntax(part)) {
    yield part;
    for (const field of Object.values(part)) yield* within(field);
  }
}

const textOf = (part: unknown): string | null =>
  isSyntax(part) && typeof part['value'] === 'string' ? part['value'] : null;

/** The lines of the table of rooms: each object with a `path`, and what it imports when it is opened. */
function linesOf(table: unknown): { path: string; imports: string[] }[] {
  return [...within(table)].flatMap((part) => {
    if (part.type !== 'ObjectExpression' || !Array.isArray(part['properties'])) return [];
    const own = part['properties'].filter(isSyntax).find(({ key }) => isSyntax(key) && key['name'] === 'path');
    const path = textOf(own?.['value']);
    if (path === null) return [];
    const imports = [...within(part)].filter(({ type }) => type === 'ImportExpression');
    // What leads to a room names its path too, and fetches nothing.
    if (imports.length === 0) return [];
    return [{ path, imports: imports.flatMap(({ source }) => textOf(source) ?? []) }];
  });
}

/** Names the code of each room in the page. */
function metasOf(codeOf: ReadonlyMap<string, readonly string[]>, chunks: readonly Rolldown.OutputChunk[]): string[] {
  if (codeOf.size === 0) throw new Error('The table of rooms names none');
  return [...codeOf].flatMap(([path, modules]) =>
    modules.map((module) => {
      const code = chunks.find((each) => each.facadeModuleId === module);
      if (code === undefined) throw new Error(`${module} of ${path} is not a chunk of its own`);
      return `<meta name="room-code" data-room="${path.slice(1)}" content="./${code.fileName}" />`;
    }),
  );
}

/**
 * Makes the page alone enough for the first paint, and what follows quick.
 *
 * - Its styles and the script before the first paint are in it: nothing has to be fetched before something is seen. The server
 *   allows them by their hashes, and no others.
 * - Each library is a script of its own that runs as soon as it is there, in a task of its own.
 * - What the rooms need beside that is named, for the script before the first paint to ask for.
 *
 * @param table  the file with the table of rooms
 */
export function firstView(table: string): Plugin {
  /** The modules that each room needs besides the page's own code, by its path. */
  const codeOf = new Map<string, string[]>();
  /** What the page carries or asks for by itself. */
  let present = new Set<string>();
  /** Files of the styles that the page carries, in their order. */
  let styles = new Set<string>();
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
    transform: {
      order: 'post',
      async handler(text, id) {
        if (id !== table) return;
        for (const { path, imports } of linesOf(this.parse(text))) {
          const resolved = await Promise.all(imports.map((each) => this.resolve(each, table)));
          codeOf.set(
            path,
            resolved.map((each, index) => each?.id ?? this.error(`${imports[index]} of ${path} is not there`)),
          );
        }
      },
    },
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        const entry = chunksOf(bundle).find((each) => each.isEntry);
        if (entry === undefined) throw new Error('The page has no script');
        const first = withImports(bundle, entry);
        present = new Set(first.map((each) => each.fileName));
        styles = stylesOf(first);
        // What comes later would fetch the styles of what it imports, though the page carries them; Vite asks nobody about styles.
        for (const { viteMetadata } of first) viteMetadata?.importedCss.clear();
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, chunk }) {
        if (chunk === undefined) return html;
        const rules = [...styles].map((name) => {
          const asset = bundle[name];
          if (asset?.type !== 'asset') throw new Error(`${name} is not built`);
          delete bundle[name];
          return String(asset.source).trim();
        });
        const metas = metasOf(codeOf, chunksOf(bundle));
        return html
          .replace(/<script src="\.\/boot\.js"><\/script>/, () => {
            return `${metas.join('\n    ')}\n    <script>${readFileSync(bootScript, 'utf8').trim()}</script>`;
          })
          .replace('</head>', () => `  <style>${rules.join('\n')}</style>\n  </head>`)
          .replace(/<link rel="modulepreload" crossorigin href="(\.\/[^"]+)">/g, (_link, file: string) => {
            return `<script type="module" async crossorigin src="${file}"></script>`;
          });
      },
    },
  };
}
