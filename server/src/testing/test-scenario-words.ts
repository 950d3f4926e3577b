import type { OperationLine } from '../ledger/core/command.js';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The words that name a type of credits. */
export const CREDIT_TYPES: readonly string[] = ['STANDARD', 'SCAN'];

/** `90s`, `24h`, `30d`, in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error(`not a duration: ${text}`);
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}

/** `now+90s`, `boundary-1ms`, `2026-03-01T00:00:00Z`: an instant, in milliseconds; `boundary` is the end of the period. */
export function instant(text: string, { now, boundary }: { readonly now: number; readonly boundary: number }): number {
  const [, anchorWord = '', sign, offset = '0ms'] =
    /^(now|boundary|[^+-]*\d{4}-\d\d-\d\d[^+]*?)?(?:([+-])(\d+\w+))?$/.exec(text) ?? [];
  const base =
    anchorWord === 'boundary' ? boundary : anchorWord === '' || anchorWord === 'now' ? now : Date.parse(anchorWord);
  return base + (sign === '-' ? -1 : 1) * duration(offset);
}

/** `image.short*2,image.mid`; a bare number is so many one-credit regenerations. */
export function operations(text: string): OperationLine[] {
  if (/^\d+$/.test(text)) return [{ operation: 'regeneration.basic', quantity: Number(text) }];
  return text.split(',').map((line) => {
    const [operation = '', quantity = '1'] = line.split('*');
    return { operation, quantity: Number(quantity) };
  });
}

/** The words of a command: positional ones, and those that follow a name of an option. */
export class Words {
  private readonly rest: string[];
  constructor(text: string) {
    this.rest = text.split(/\s+/).filter((word) => word !== '');
  }
  next(what: string): string {
    const word = this.rest.shift();
    if (word === undefined) throw new Error(`${what} is missing`);
    return word;
  }
  option(name: string): string | null {
    const index = this.rest.indexOf(name);
    if (index < 0) return null;
    const [, value] = this.rest.splice(index, 2);
    if (value === undefined) throw new Error(`${name} needs a value`);
    return value;
  }
  flag(...names: readonly string[]): string | null {
    const index = this.rest.findIndex((word) => names.includes(word));
    return index < 0 ? null : (this.rest.splice(index, 1)[0] ?? null);
  }
  number(): number | null {
    const index = this.rest.findIndex((word) => /^\d+$/.test(word));
    return index < 0 ? null : Number(this.rest.splice(index, 1)[0]);
  }
  finish(): void {
    if (this.rest.length > 0) throw new Error(`what is "${this.rest.join(' ')}"?`);
  }
}
