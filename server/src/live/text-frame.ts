const SHORT_BYTES_MAX = 125;
const MEDIUM_BYTES_MAX = 65_535;
const FINAL_TEXT = '\x81';

/**
 * The head of a server's unmasked WebSocket text frame (RFC 6455, 5.2) as a latin1 string.
 *
 * @returns null for a payload of 64 KiB and more, whose length takes a third form
 */
export function textFrameHead(payloadBytes: number): string | null {
  if (payloadBytes <= SHORT_BYTES_MAX) return FINAL_TEXT + String.fromCharCode(payloadBytes);
  if (payloadBytes > MEDIUM_BYTES_MAX) return null;
  return `${FINAL_TEXT}\x7e${String.fromCharCode(payloadBytes >> 8, payloadBytes & 255)}`;
}

/** Whether a string has as many bytes in UTF-8 as characters, and so the same bytes in latin1. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
