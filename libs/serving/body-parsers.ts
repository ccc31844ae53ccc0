import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LIMITS } from '../protocol/limits.js';
import { problem } from '../protocol/problems.js';
import { RefusedRequest } from './refusal.js';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';
export const CSV = 'text/csv';
export const FORM = 'application/x-www-form-urlencoded';

/** The kinds of body, each with its bound (D7); any other content type is 415. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string', bodyLimit: LIMITS.jsonBytes }, (request, body, done) => {
    if (jsonDepth(String(body)) > LIMITS.jsonDepth) {
      done(new RefusedRequest(problem('malformed', `JSON is nested at most ${LIMITS.jsonDepth} deep`)));
      return;
    }
    void parseJson(request, String(body), done);
  });
  fastify.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: LIMITS.jsonBytes },
    (_: FastifyRequest, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
  fastify.addContentTypeParser(
    CSV,
    { parseAs: 'buffer', bodyLimit: LIMITS.importBytes },
    (_: FastifyRequest, body, done) => {
      done(null, body);
    },
  );
  fastify.addContentTypeParser(
    PROTOBUF,
    { parseAs: 'buffer', bodyLimit: LIMITS.frameBytes },
    (_: FastifyRequest, body, done) => {
      done(null, body);
    },
  );
}

/** Deepest nesting of objects and arrays, found without building any of them. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index];
    if (quoted) {
      if (letter === '\\') index += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, (depth += 1));
    else if (letter === '}' || letter === ']') depth -= 1;
  }
  return deepest;
}
