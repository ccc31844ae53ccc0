import { Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { PeopleImport } from '../../../../libs/directory/people-import.js';
import { CheckedPeople, idParam, ImportedPeople } from '../../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import type { Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers, CsvBody, TakesCsv } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';

@ApiTags('admin: accounts')
@Controller('v1/admin/tenants/:tenantId/imports')
export class ImportsController {
  constructor(
    private readonly imports: PeopleImport,
    private readonly audit: Audit,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make accounts and invitations for many people, for all or for nobody',
    description:
      'CSV (RFC 4180, UTF-8) with a header line: `name`, given back and not stored, and, if wanted, `account_id`. At most 10,000 people and 1 MiB. The invitations live as long as the policy lets them.',
  })
  @ForAdmins('accounts')
  @Audited()
  @TakesCsv()
  @Answers(201, ImportedPeople, { description: 'Imported', problems: ['invalid_import', 'conflict'] })
  async create(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @CsvBody() csv: string,
  ): Promise<z.infer<typeof ImportedPeople> | Problem> {
    const act = { action: 'people.import', tenantId, kind: 'tenant', target: tenantId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.imports.run(tx, tenantId, csv));
    return outcome.kind === 'imported' ? { people: [...outcome.people] } : outcome;
  }

  @Post('dry-run')
  @ApiOperation({ summary: 'List every fault of a file with its line', description: 'Changes nothing.' })
  @ForAdmins('accounts')
  @TakesCsv()
  @Answers(200, CheckedPeople, { description: 'Checked; without faults it can be imported' })
  async check(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @CsvBody() csv: string,
  ): Promise<z.infer<typeof CheckedPeople>> {
    const { people, faults } = await this.imports.check(tenantId, csv);
    return { people: people.length, faults: [...faults] };
  }
}
