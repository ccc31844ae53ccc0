import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { ANSWER_TYPE } from './answers.js';
import { isRefusal, RefusedRequest } from './refusal.js';

/** Controllers return outcomes: a problem is rendered by the filter, bytes go out under the type that `@AnswersProtobuf` set. */
export class OutcomeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((outcome: unknown) => answerOf(outcome, context)));
  }
}

function answerOf(outcome: unknown, context: ExecutionContext): unknown {
  if (isRefusal(outcome)) throw new RefusedRequest(outcome);
  const type = Reflect.getMetadata(ANSWER_TYPE, context.getHandler()) as string | undefined;
  if (type !== undefined) context.switchToHttp().getResponse<FastifyReply>().header('content-type', type);
  return outcome instanceof Uint8Array ? Buffer.from(outcome.buffer, outcome.byteOffset, outcome.byteLength) : outcome;
}
