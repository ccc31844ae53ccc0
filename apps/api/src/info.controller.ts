import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Clock } from '../../../libs/platform/clock.js';
import { ServerInfo } from '../../../libs/protocol/bodies.js';
import { Answers } from '../../../libs/serving/answers.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { frontPage, FRONT_PAGE_POLICY } from './front-page.js';

/** What the server tells everyone about itself. */
export interface Info {
  readonly issuer: string;
  readonly gateway: string;
  readonly version: string;
  readonly clock: Clock;
}
export const INFO = Symbol('Info');

@ApiTags('server')
@Controller()
export class InfoController {
  constructor(
    @Inject(INFO) private readonly info: Info,
    private readonly tenants: Tenants,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A page for people' })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'HTML', schema: { type: 'string' } })
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', FRONT_PAGE_POLICY)
  async page(): Promise<string> {
    return frontPage({ ...this.info, demo: (await this.tenants.demo()) !== undefined });
  }

  @Get('v1/server')
  @ApiOperation({ summary: 'What a client must know before it begins' })
  @Answers(200, ServerInfo, { description: 'Addresses, version and time' })
  server(): z.infer<typeof ServerInfo> {
    const { issuer, gateway, version, clock } = this.info;
    return { issuer, gateway, version, serverTime: clock.now() };
  }
}
