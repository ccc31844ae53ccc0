import { describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedPostgresStatus, startEmbeddedPostgres } from './embedded-postgres.js';
import { startThrowAwayPostgres, sweepThrowAways } from './throw-away-postgres.js';

// A database is made and started several times in each.
jest.setTimeout(120_000);

describe('a throw-away PostgreSQL', () => {
  it('leaves nothing after stop', async () => {
    const postgres = await startThrowAwayPostgres();
    expect(existsSync(join(postgres.data, 'PG_VERSION'))).toBe(true);
    await postgres.stop();
    expect(existsSync(postgres.data)).toBe(false);
  });

  it('is swept when the run that started it was killed', async () => {
    const postgres = await startThrowAwayPostgres();
    rmSync(`${postgres.data}.owner`);
    rmSync(join(dirname(postgres.data), 'run.owner'));
    await sweepThrowAways();
    // Another run may have begun to sweep it in the same moment: then this one has left it alone, and that one is at it.
    for (const end = Date.now() + 20_000; existsSync(postgres.data) && Date.now() < end;) await sleep(20);
    expect(embeddedPostgresStatus(postgres.data).kind).toBe('absent');
    expect(existsSync(postgres.data)).toBe(false);
  });

  it('is not swept while the run that started it has killed it, and comes back', async () => {
    const postgres = await startThrowAwayPostgres();
    await postgres.kill();
    await sweepThrowAways();
    expect(existsSync(join(postgres.data, 'PG_VERSION'))).toBe(true);
    const again = await startEmbeddedPostgres({ folder: postgres.data, port: postgres.port });
    expect(again.port).toBe(postgres.port);
    await again.stop();
    await postgres.stop();
    expect(existsSync(dirname(postgres.data))).toBe(false);
  });

  it('sweeps the data of a temporary project that is gone, and of no other', async () => {
    const [gone, here] = [mkdtempSync(join(tmpdir(), 'sotto-gone-')), mkdtempSync(join(tmpdir(), 'sotto-here-'))];
    const lost = await startEmbeddedPostgres({ folder: join(gone, 'postgres') });
    const kept = await startEmbeddedPostgres({ folder: join(here, 'postgres') });
    rmSync(gone, { recursive: true });
    await sweepThrowAways();
    expect(existsSync(lost.data)).toBe(false);
    expect(embeddedPostgresStatus(join(here, 'postgres')).kind).toBe('running');
    await kept.stop();
    rmSync(here, { recursive: true });
    await sweepThrowAways();
    expect(existsSync(kept.data)).toBe(false);
  });
});
