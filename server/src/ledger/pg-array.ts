/** Arrays as Postgres reads them, built here so that no value is ever refused by the driver after a statement was queued. */

export type ColumnType = 'uuid' | 'bigint' | 'integer' | 'boolean' | 'text' | 'timestamptz' | 'date';
type Value = string | number | boolean | null;

const OIDS: Readonly<Record<ColumnType, number>> = {
  boolean: 16,
  bigint: 20,
  integer: 23,
  text: 25,
  date: 1082,
  timestamptz: 1184,
  uuid: 2950,
};
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;
const TWO_TO_32 = 2 ** 32;
const DAY_MS = 86_400_000;
/** Postgres counts from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** The most bytes that one UTF-16 unit takes in UTF-8. */
const UTF8_BYTES_MAX = 3;

function notA(type: ColumnType, value: unknown): RangeError {
  return new RangeError(`not a ${type}: ${String(value)}`);
}

/** A buffer that grows, and where the next value goes. */
class Bytes {
  private buffer: Buffer;
  private at = HEADER_BYTES;
  /** The last text and where it lies: neighbours often repeat, and a copy is cheaper than encoding again. */
  private lastText: string | null = null;
  private lastTextAt = 0;
  private lastTextLength = 0;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  }

  /** Room for a value of so many bytes and its length. */
  private reserve(bytes: number): void {
    const needed = this.at + LENGTH_BYTES + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  private length(bytes: number): void {
    this.at = this.buffer.writeInt32BE(bytes, this.at);
  }

  missing(): void {
    this.reserve(0);
    this.length(NULL_LENGTH);
  }

  int32(value: number): void {
    if (!Number.isSafeInteger(value)) throw notA('integer', value);
    this.reserve(4);
    this.length(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  /** A safe integer as eight bytes, two's complement; anything else would be written as some other number. */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw notA('bigint', value);
    this.reserve(8);
    this.length(8);
    const high = Math.floor(value / TWO_TO_32);
    this.at = this.buffer.writeInt32BE(high, this.at);
    this.at = this.buffer.writeUInt32BE(value - high * TWO_TO_32, this.at);
  }

  /** Microseconds since Postgres' epoch, which leave the safe integers in the year 2285. */
  instant(value: number): void {
    if (!Number.isSafeInteger(value)) throw notA('timestamptz', value);
    const microseconds = (value - EPOCH_MS) * 1000;
    if (Number.isSafeInteger(microseconds)) return this.int64(microseconds);
    this.reserve(8);
    this.length(8);
    this.at = this.buffer.writeBigInt64BE(BigInt(value - EPOCH_MS) * 1000n, this.at);
  }

  boolean(value: boolean): void {
    this.reserve(1);
    this.length(1);
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.at);
  }

  uuid(value: string): void {
    this.reserve(16);
    this.length(16);
    const end = this.at + 16;
    let high = -1;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code === 45) continue;
      const digit = code <= 57 ? code - 48 : code - 87;
      if (digit < 0 || digit > 15 || this.at === end) throw notA('uuid', value);
      if (high < 0) high = digit;
      else {
        this.buffer[this.at++] = (high << 4) | digit;
        high = -1;
      }
    }
    if (this.at !== end) throw notA('uuid', value);
  }

  text(value: string): void {
    if (value === this.lastText) {
      this.reserve(this.lastTextLength);
      this.length(this.lastTextLength);
      this.buffer.copy(this.buffer, this.at, this.lastTextAt, this.lastTextAt + this.lastTextLength);
      this.at += this.lastTextLength;
      return;
    }
    this.reserve(value.length * UTF8_BYTES_MAX);
    const lengthAt = this.at;
    const start = lengthAt + LENGTH_BYTES;
    const bytes = this.buffer.write(value, start, 'utf8');
    this.buffer.writeInt32BE(bytes, lengthAt);
    this.at = start + bytes;
    this.lastText = value;
    this.lastTextAt = start;
    this.lastTextLength = bytes;
  }

  /** The array's header, then its values. */
  finish(type: ColumnType, count: number, hasNulls: boolean): Buffer {
    const { buffer } = this;
    buffer.writeInt32BE(1, 0);
    buffer.writeInt32BE(hasNulls ? 1 : 0, 4);
    buffer.writeInt32BE(OIDS[type], 8);
    buffer.writeInt32BE(count, 12);
    buffer.writeInt32BE(1, 16);
    return buffer.subarray(0, this.at);
  }
}

/**
 * One column of many rows as a binary array: neither side has to make text of numbers and read it again.
 *
 * @param rows  at least one
 * @param of  the column's value in a row: text, safe integers, booleans, UUIDs in lower case, days as YYYY-MM-DD; instants as
 * epoch milliseconds
 * @throws RangeError for a number, instant, day or UUID that is not one: nothing is rounded or clamped
 */
export function columnArray<T>(type: ColumnType, rows: readonly T[], of: (row: T) => Value): Buffer {
  const bytes = new Bytes(rows.length * (type === 'text' || type === 'uuid' ? 24 : 12));
  let hasNulls = false;
  for (const row of rows) {
    const value = of(row);
    if (value === null) {
      hasNulls = true;
      bytes.missing();
      continue;
    }
    switch (type) {
      case 'text':
        bytes.text(value as string);
        break;
      case 'uuid':
        bytes.uuid(value as string);
        break;
      case 'bigint':
        bytes.int64(value as number);
        break;
      case 'integer':
        bytes.int32(value as number);
        break;
      case 'boolean':
        bytes.boolean(value as boolean);
        break;
      case 'timestamptz':
        bytes.instant(value as number);
        break;
      case 'date':
        bytes.int32((Date.parse(value as string) - EPOCH_MS) / DAY_MS);
        break;
    }
  }
  return bytes.finish(type, rows.length, hasNulls);
}

const ALL_SPECIAL = /["\\]/g;

/** UUIDs as an array literal. */
export function uuidArray(values: readonly string[]): string {
  return `{${values.join(',')}}`;
}

/** Texts as an array literal. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(ALL_SPECIAL, '\\$&')}"`).join(',')}}`;
}

/** Epoch milliseconds as an array literal. */
export function instantArray(values: readonly number[]): string {
  return `{${values.map((value) => new Date(value).toISOString()).join(',')}}`;
}
