import type { SessionSettings } from './session-settings.js';

/** What the `options` of a connection string ask for. */
export interface StartupOptions {
  /** Settings (`-c name=value`, `--name=value`), which can as well be sent as statements. */
  readonly settings: SessionSettings;
  /** Switches that only a start of the session takes; undefined: none. */
  readonly rest: string | undefined;
}

/**
 * Takes the `options` of a connection string apart, as PostgreSQL does: words are divided by spaces, a backslash takes the next
 * character as it is, a name's dashes mean underscores.
 */
export function parseStartupOptions(options: string | undefined): StartupOptions {
  const words = [...(options ?? '').matchAll(/(?:\\[\s\S]|[^\\\s])+/g)].map(([word]) =>
    word.replace(/\\([\s\S])/g, '$1'),
  );
  const settings: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const isSplit = word === '-c' && index + 1 < words.length;
    const text = isSplit ? words[++index] : /^(?:-c|--)([\s\S]+)$/.exec(word)?.[1];
    const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(text ?? '') ?? [];
    if (name === undefined || value === undefined) rest.push(word);
    else settings[name.replaceAll('-', '_')] = value;
  }
  return { settings, rest: rest.length === 0 ? undefined : rest.map(escaped).join(' ') };
}

const escaped = (word: string): string => word.replace(/[\\\s]/g, '\\$&');
