const CHUNK_BYTES = 1 << 20;
/** With less than this left, a chunk is not worth keeping. */
const REST_BYTES_MIN = 1 << 16;
const TWO_TO_32 = 2 ** 32;
/** The most bytes that one UTF-16 unit takes in UTF-8. */
const UTF8_BYTES_MAX = 3;
/** Texts up to this length are written faster by hand than by a call out of JavaScript. */
const SHORT_TEXT = 32;
const DASH = 45;

/** What each character code is as a hexadecimal digit, -1 for those that are none. */
const HEX = new Int8Array(128).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) HEX[digit.charCodeAt(0)] = value;

interface Chunk {
  readonly buffer: Buffer;
  readonly view: DataView;
  used: number;
}

function newChunk(bytes: number): Chunk {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  return { buffer, view: new DataView(buffer.buffer), used: 0 };
}

/** The chunk whose rest the next one writes into; what was handed out of it is never written again. */
let spare: Chunk | null = null;

/**
 * Values in PostgreSQL's binary format, one behind the other, in memory that is taken in large pieces: a batch has
 * dozens of columns, and a buffer for each would cost more than filling it.
 */
export class WireBytes {
  private chunk: Chunk;
  private start: number;
  private at: number;
  /** The last text and where it lies: neighbours often repeat, and a copy is cheaper than encoding again. */
  private lastText: string | null = null;
  private lastTextAt = 0;
  private lastTextLength = 0;

  constructor() {
    this.chunk = spare ?? newChunk(CHUNK_BYTES);
    spare = null;
    this.start = this.chunk.used;
    this.at = this.start;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.at - this.start;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes > this.chunk.buffer.length) this.grow(bytes);
  }

  private grow(bytes: number): void {
    const larger = newChunk(Math.max(CHUNK_BYTES, (this.length + bytes) * 2));
    this.chunk.buffer.copy(larger.buffer, 0, this.start, this.at);
    this.lastTextAt -= this.start;
    this.at -= this.start;
    this.start = 0;
    this.chunk = larger;
  }

  int32(value: number): void {
    this.reserve(4);
    this.chunk.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** Fills in what was left out, `place` bytes behind the beginning. */
  int32At(place: number, value: number): void {
    this.chunk.view.setInt32(this.start + place, value);
  }

  /** A safe integer as eight bytes, two's complement. */
  int64(value: number): void {
    this.reserve(8);
    const high = Math.floor(value / TWO_TO_32);
    this.chunk.view.setInt32(this.at, high);
    this.chunk.view.setUint32(this.at + 4, value - high * TWO_TO_32);
    this.at += 8;
  }

  bigInt64(value: bigint): void {
    this.reserve(8);
    this.chunk.view.setBigInt64(this.at, value);
    this.at += 8;
  }

  boolean(value: boolean): void {
    this.reserve(1);
    this.chunk.buffer[this.at++] = value ? 1 : 0;
  }

  /** @returns false when it is not a UUID in lower case */
  uuid(value: string): boolean {
    this.reserve(16);
    const { buffer } = this.chunk;
    let at = this.at;
    if (value.length !== 36) return false;
    for (let index = 0; index < 36; index += 2) {
      if (index === 8 || index === 13 || index === 18 || index === 23) {
        if (value.charCodeAt(index) !== DASH) return false;
        index++;
      }
      const high = HEX[value.charCodeAt(index)] ?? -1;
      const low = HEX[value.charCodeAt(index + 1)] ?? -1;
      if (high < 0 || low < 0) return false;
      buffer[at++] = (high << 4) | low;
    }
    this.at = at;
    return true;
  }

  /**
   * A text with its length in front, as UTF-8.
   *
   * @returns false when it has half a character
   */
  sizedText(value: string): boolean {
    const isAgain = value === this.lastText;
    this.reserve(4 + (isAgain ? this.lastTextLength : value.length * UTF8_BYTES_MAX));
    const { buffer, view } = this.chunk;
    const from = this.at + 4;
    if (isAgain) buffer.copyWithin(from, this.lastTextAt, this.lastTextAt + this.lastTextLength);
    else {
      const isShort = shortText(buffer, value, from);
      if (!isShort && !value.isWellFormed()) return false;
      this.lastTextLength = isShort ? value.length : buffer.write(value, from, 'utf8');
      this.lastText = value;
    }
    this.lastTextAt = from;
    view.setInt32(this.at, this.lastTextLength);
    this.at = from + this.lastTextLength;
    return true;
  }

  /** What was written between two places behind the beginning. */
  slice(from: number, to: number): Buffer {
    return this.chunk.buffer.subarray(this.start + from, this.start + to);
  }

  /** Nothing more is written here: what is behind it is free for the next. */
  close(): void {
    this.chunk.used = this.at;
    if (this.chunk.buffer.length - this.at >= REST_BYTES_MIN) spare = this.chunk;
  }
}

/** @returns false when the text is long or not of ASCII alone */
function shortText(buffer: Buffer, value: string, from: number): boolean {
  if (value.length > SHORT_TEXT) return false;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code > 127) return false;
    buffer[from + index] = code;
  }
  return true;
}
