import { deepText, oddText, oddValue } from './test-odd-values.js';

const TYPES = ['connection_init', 'connection_ack', 'ping', 'pong', 'subscribe', 'next', 'error', 'complete', 'x', ''];

/** A random message of graphql-transport-ws: mostly JSON, seldom what the protocol means. For tests. */
export function randomFrame(random: () => number): string | Buffer {
  const choice = random();
  if (choice < 0.05) return Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256)));
  if (choice < 0.1) return deepText(random);
  if (choice < 0.15) return oddValue(random);
  if (choice < 0.2) return oddText(random);
  if (choice < 0.22) return 'x'.repeat(70_000);
  if (choice < 0.24) return `{"type":"ping","payload":{"a":${deepText(random)}}}`;
  const type = TYPES[Math.floor(random() * TYPES.length)] ?? '';
  const fields = [`"type":${random() < 0.05 ? oddValue(random) : JSON.stringify(type)}`];
  if (random() < 0.8) fields.push(`"id":${idText(random)}`);
  if (random() < 0.8) fields.push(`"payload":${payloadText(random)}`);
  if (random() < 0.1) fields.push(`"__proto__":${oddValue(random)}`);
  const text = `{${fields.join(',')}}`;
  return random() < 0.05 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

function idText(random: () => number): string {
  const choice = random();
  if (choice < 0.6) return `"${Math.floor(random() * 3)}"`;
  if (choice < 0.7) return '"__proto__"';
  if (choice < 0.8) return JSON.stringify('x'.repeat(300));
  return oddValue(random);
}

function payloadText(random: () => number): string {
  const choice = random();
  if (choice < 0.3) return oddValue(random);
  if (choice < 0.4) return `{"authorization":${random() < 0.5 ? '"Bearer nothing"' : oddValue(random)}}`;
  const query =
    random() < 0.6 ? '"subscription { balanceChanged(accountId: \\"x\\") { available } }"' : oddValue(random);
  const fields = [`"query":${query}`];
  if (random() < 0.5) fields.push(`"variables":${oddValue(random)}`);
  if (random() < 0.5) fields.push(`"operationName":${oddValue(random)}`);
  if (random() < 0.3) fields.push(`"extensions":${oddValue(random)}`);
  return `{${fields.join(',')}}`;
}
