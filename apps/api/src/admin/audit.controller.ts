import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type RecordedRow } from '../../../../libs/audit/audit.js';
import type { Admin } from '../../../../libs/auth/service-tokens.js';
import { AuditQuery, AuditRows, type AuditRow } from '../../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import { problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins, TheAdmin } from '../../../../libs/serving/admin.guard.js';
import { Answers } from '../../../../libs/serving/answers.js';

@ApiTags('admin: audit')
@Controller('v1/admin/audit')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  @ApiOperation({
    summary: 'What admins did, newest first',
    description: 'With a token for one tenant: its rows only. Rows are added and never changed.',
  })
  @ForAdmins('audit:read')
  @Answers(200, AuditRows, { description: 'A page' })
  async list(@TheAdmin() admin: Admin, @Query({ schema: AuditQuery }) query: z.infer<typeof AuditQuery>) {
    const asked = query.tenantId as TenantId | undefined;
    if (admin.tenantId !== undefined && asked !== undefined && asked !== admin.tenantId)
      return problem('not_found', 'there is no such tenant');
    const { before, limit } = query;
    const rows = await this.audit.list({ tenantId: admin.tenantId ?? asked, before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    return { rows: page.map(bodyOf), next: rows.length > limit ? (page.at(-1)?.no ?? null) : null };
  }
}

function bodyOf(row: RecordedRow): z.infer<typeof AuditRow> {
  const { tenantId, targetId, reason } = row;
  return { ...row, tenantId: tenantId ?? null, targetId: targetId ?? null, reason: reason ?? null };
}
