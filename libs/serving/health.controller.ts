import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from './answers.js';
import { Health, Liveness, Readiness } from './health.js';

@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('livez')
  @ApiOperation({ summary: 'Whether the process runs' })
  @Answers(200, Liveness, { description: 'It runs' })
  live(): Liveness {
    return { live: true };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether this node takes work' })
  @Answers(200, Readiness, { description: 'It does' })
  @ApiResponse({ status: 503, description: 'It does not; the body says why', standardSchema: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    if (!readiness.ready) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
