// `node dist/prisma/rewrite-models.js` after a build: writes 0001_models again from prisma/schema. Only until the first release; from
// then on migrations are added and never changed. What stands in the file after the marker is written by hand and stays.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsAsSql } from '../libs/platform/migrate.js';
import { startThrowAwayPostgres } from '../libs/platform/throw-away-postgres.js';

const MARKER = '-- The one row that says which database this is';
const PRISMA = join(process.cwd(), 'prisma');
const file = join(PRISMA, 'migrations', '0001_models', 'migration.sql');

const written = readFileSync(file, 'utf8');
const marker = written.indexOf(MARKER);
if (marker < 0) throw new Error(`${file} has lost the line "${MARKER}"`);

// The engine wants a connection, though nothing is read from it.
const postgres = await startThrowAwayPostgres();
try {
  writeFileSync(file, `${await modelsAsSql(postgres.url, join(PRISMA, 'schema'))}\n${written.slice(marker)}`);
} finally {
  await postgres.stop();
}
