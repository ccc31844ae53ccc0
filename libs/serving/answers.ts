import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  SerializeOptions,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { PROBLEMS, problem, type ProblemCode } from '../protocol/problems.js';
import { CSV, FORM, JSON_TYPE, PROTOBUF } from './body-parsers.js';
import { RefusedRequest } from './refusal.js';

export const BODY_TYPE = 'sotto:body-type';
export const ANSWER_TYPE = 'sotto:answer-type';
const PROBLEM_CODES = 'sotto:problem-codes';
const ANYWHERE: readonly ProblemCode[] = ['malformed', 'internal', 'not_stored'];
const BODY: readonly ProblemCode[] = ['too_large', 'unsupported_media'];
const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

interface Documented {
  readonly description: string;
  readonly problems?: readonly ProblemCode[];
}

/** A JSON answer: its status, what is stripped from it, and what the document says, in one. Give `undefined` for an empty one (204). */
export function Answers(status: number, schema: z.ZodType | undefined, { description, problems = [] }: Documented) {
  const answer =
    schema === undefined
      ? ApiResponse({ status, description })
      : ApiResponse({ status, description, standardSchema: schema });
  return applyDecorators(
    HttpCode(status),
    ...(schema === undefined ? [] : [SerializeOptions({ schema })]),
    answer,
    Problems([...ANYWHERE, ...problems]),
  );
}

/** An answer of bytes: a message of `sotto.proto`, by its name. The method returns a Uint8Array or a Problem. */
export function AnswersProtobuf(status: number, message: string, { description, problems = [] }: Documented) {
  const content = { [PROTOBUF]: { schema: protobufSchema(message) } };
  return applyDecorators(
    HttpCode(status),
    SetMetadata(ANSWER_TYPE, PROTOBUF),
    ApiResponse({ status, description, content }),
    Problems([...ANYWHERE, ...problems]),
  );
}

/** A body of bytes: a message of `sotto.proto`. The method takes it with `@ProtobufBody()`. */
export function TakesProtobuf(message: string) {
  return applyDecorators(
    SetMetadata(BODY_TYPE, PROTOBUF),
    ApiConsumes(PROTOBUF),
    ApiBody({ required: true, schema: protobufSchema(message) }),
    Problems(BODY),
  );
}

export function TakesForm() {
  return applyDecorators(SetMetadata(BODY_TYPE, FORM), ApiConsumes(FORM), Problems(BODY));
}

/** A table as text; the method takes it with `@CsvBody()`. */
export function TakesCsv() {
  return applyDecorators(
    SetMetadata(BODY_TYPE, CSV),
    ApiConsumes(CSV),
    ApiBody({ required: true, schema: { type: 'string' } }),
    Problems(BODY),
  );
}

export function TakesJson() {
  return applyDecorators(SetMetadata(BODY_TYPE, JSON_TYPE), Problems(BODY));
}

export const ProtobufBody = createParamDecorator((_: unknown, context: ExecutionContext): Uint8Array => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!(body instanceof Uint8Array)) throw new RefusedRequest(problem('unsupported_media', `the body is ${PROTOBUF}`));
  return body;
});

/** Aborted when the client goes away before its answer. */
export const TheSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const gone = new AbortController();
  const { raw } = context.switchToHttp().getResponse<FastifyReply>();
  raw.once('close', () => {
    gone.abort();
  });
  return gone.signal;
});

export const CsvBody = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!(body instanceof Uint8Array)) throw new RefusedRequest(problem('unsupported_media', `the body is ${CSV}`));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new RefusedRequest(problem('malformed', 'the file is not UTF-8'));
  }
});

/** Adds to what the document says this route may refuse: one response a status, one line a code. */
export function Problems(codes: readonly ProblemCode[]): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value as object;
    const known = (Reflect.getMetadata(PROBLEM_CODES, handler) ?? []) as readonly ProblemCode[];
    const all = [...new Set([...known, ...codes])].sort();
    Reflect.defineMetadata(PROBLEM_CODES, all, handler);
    for (const status of new Set(all.map((code) => PROBLEMS[code].status))) {
      const lines = all
        .filter((code) => PROBLEMS[code].status === status)
        .map((code) => `\`${code}\`: ${PROBLEMS[code].title}`);
      const content = { 'application/problem+json': { schema: PROBLEM_REF } };
      ApiResponse({ status, description: lines.join('\n\n'), content }, { overrideExisting: true })(
        target,
        key,
        descriptor,
      );
    }
  };
}

function protobufSchema(message: string) {
  return { type: 'string' as const, format: 'binary', 'x-protobuf-message': message };
}
