import { WireBytes } from './wire-bytes.js';

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
const NULL_LENGTH = -1;
const DAY_MS = 86_400_000;
/** Postgres counts from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

function notA(type: ColumnType, value: unknown): RangeError {
  return new RangeError(`not a ${type}: ${String(value)}`);
}

function int64(bytes: WireBytes, value: number): void {
  bytes.int32(8);
  bytes.int64(value);
}

/** How a value of each type is written; anything that is not one raises, nothing is rounded or clamped. */
const WRITE: Readonly<Record<ColumnType, (bytes: WireBytes, value: never) => void>> = {
  text(bytes, value: string) {
    if (!bytes.sizedText(value)) throw notA('text', value);
  },
  uuid(bytes, value: string) {
    bytes.int32(16);
    if (!bytes.uuid(value)) throw notA('uuid', value);
  },
  bigint(bytes, value: number) {
    if (!Number.isSafeInteger(value)) throw notA('bigint', value);
    int64(bytes, value);
  },
  integer(bytes, value: number) {
    if ((value | 0) !== value) throw notA('integer', value);
    bytes.int32(4);
    bytes.int32(value);
  },
  boolean(bytes, value: boolean) {
    if (typeof value !== 'boolean') throw notA('boolean', value);
    bytes.int32(1);
    bytes.boolean(value);
  },
  /** Microseconds since Postgres' epoch, which leave the safe integers in the year 2285. */
  timestamptz(bytes, value: number) {
    if (!Number.isSafeInteger(value)) throw notA('timestamptz', value);
    const microseconds = (value - EPOCH_MS) * 1000;
    if (Number.isSafeInteger(microseconds)) return int64(bytes, microseconds);
    bytes.int32(8);
    bytes.bigInt64(BigInt(value - EPOCH_MS) * 1000n);
  },
  date(bytes, value: string) {
    const ms = Date.parse(value);
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value) throw notA('date', value);
    bytes.int32(4);
    bytes.int32((ms - EPOCH_MS) / DAY_MS);
  },
};

/**
 * The parameters of one statement, in PostgreSQL's binary format: neither side makes text of numbers and reads it again, and no value
 * can be refused after a statement was queued.
 */
export class Parameters {
  private readonly bytes = new WireBytes();
  /** Where each parameter begins, behind its length. */
  private readonly begins: number[] = [];
  private readonly ends: number[] = [];

  private begin(): void {
    this.bytes.int32(0);
    this.begins.push(this.bytes.length);
  }

  private end(): void {
    const from = this.begins.at(-1) as number;
    this.bytes.int32At(from - 4, this.bytes.length - from);
    this.ends.push(this.bytes.length);
  }

  /**
   * One column of many rows, as an array.
   *
   * @param of  the column's value in a row: text, safe integers, booleans, UUIDs in lower case, days as YYYY-MM-DD;
   * instants as epoch milliseconds
   * @throws RangeError for a value that is none of its type
   */
  column<T>(type: ColumnType, rows: readonly T[], of: (row: T) => Value): this {
    const { bytes } = this;
    const write = WRITE[type];
    this.begin();
    bytes.int32(1);
    const hasNullsAt = bytes.length;
    bytes.int32(0);
    bytes.int32(OIDS[type]);
    bytes.int32(rows.length);
    bytes.int32(1);
    let hasNulls = false;
    for (const row of rows) {
      const value = of(row);
      if (value === null) {
        hasNulls = true;
        bytes.int32(NULL_LENGTH);
        // Each type writes values of its own and refuses any other: which one `type` means is known here only.
      } else write(bytes, value as never);
    }
    if (hasNulls) bytes.int32At(hasNullsAt, 1);
    this.end();
    return this;
  }

  /** A count, as a bigint. */
  count(value: number): this {
    this.begin();
    this.bytes.int64(value);
    this.end();
    return this;
  }

  /** The parameters as the driver takes them. Nothing can be added after it. */
  values(): Buffer[] {
    const { bytes } = this;
    bytes.close();
    return this.begins.map((from, index) => bytes.slice(from, this.ends[index] as number));
  }
}
