import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Audit } from '../../../libs/audit/audit.js';
import { OPERATOR } from '../../../libs/auth/operator.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import { nodeHost } from '../../../libs/sdk/host.js';
import { secretDiagnoses } from './doctor-secrets.js';
import { firstStart } from './first-start.js';
import { homeAt } from './home.js';
import { Output } from './output.js';

const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

describe('the first start', () => {
  let database: TestDatabase;
  const home = homeAt(mkdtempSync(join(tmpdir(), 'sotto-home-')));
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(home.folder, { recursive: true });
  });

  const doctor = async () =>
    secretDiagnoses({
      out: new Output({ stdout: nowhere, stderr: nowhere, colours: false }),
      env: { DATABASE_URL: database.url },
      home,
      host: nodeHost,
      input: Readable.from([]),
      interrupted: new AbortController().signal,
    });

  it('leaves its token in the audit, and the end of the one before', async () => {
    for (let starts = 0; starts < 2; starts += 1) await firstStart(database.url, { home, demo: false });
    const rows = await new Audit(database.db).list({ tenantId: undefined, before: undefined, limit: 10 });
    expect(rows.map(({ action, tokenId, reason, outcome }) => [action, tokenId, reason, outcome])).toEqual(
      ['token.create', 'token.revoke', 'token.create'].map((action) => [action, OPERATOR.tokenId, 'sotto up', 'done']),
    );
    expect(rows[1]?.targetId).toBe(rows[2]?.targetId);
  });

  it('makes an admin token that doctor knows the worth of, and doctor reads the master key', async () => {
    expect((await doctor()).map(({ level, name }) => [level, name])).toEqual([
      ['note', 'master key'],
      ['good', 'admin token'],
    ]);
    await database.db.commit('update service_token set expires_at = 1');
    writeFileSync(home.masterKey, 'not a key\n', { mode: 0o600 });
    const [masterKey, token] = await doctor();
    expect([masterKey?.level, masterKey?.what]).toEqual(['bad', expect.stringContaining('holds no master key')]);
    expect([token?.level, token?.what]).toEqual(['note', expect.stringContaining('has expired')]);
  });
});
