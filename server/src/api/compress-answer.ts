import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What is shorter fits one packet as it is: compressing it gains nothing, and reserving stays as quick as it was. */
const COMPRESS_CHARS_MIN = 1_400;
const ENCODINGS = ['br', 'gzip'] as const;

/** Levels at which a page of JSON takes a fraction of a millisecond. */
const compressors = {
  br: (text: string) =>
    promisify(brotliCompress)(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 4,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      },
    }),
  gzip: (text: string) => promisify(gzip)(text, { level: 5 }),
};

/**
 * A text answer as the caller takes it: compressed off the main thread when it is long and the caller understands it.
 *
 * No answer of this server depends on a cookie, so that no foreign page can have one made with its own words beside a
 * secret and learn from its length.
 * Source: docs/api.md, Answers
 */
export function compressAnswer(
  text: string,
  request: FastifyRequest,
  reply: FastifyReply,
): string | Promise<string | Buffer> {
  const accepted = request.headers['accept-encoding'];
  if (text.length < COMPRESS_CHARS_MIN || accepted === undefined) return text;
  const encoding = negotiate(accepted, [...ENCODINGS]);
  if (encoding === null) return text;
  void reply.header('content-encoding', encoding).header('vary', varied(reply));
  return compressors[encoding](text);
}

function varied(reply: FastifyReply): string {
  const present = reply.getHeader('vary');
  return present === undefined ? 'accept-encoding' : [present, 'accept-encoding'].flat().join(', ');
}
