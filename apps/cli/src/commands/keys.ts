import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { rewrapSigningKeys, rotateSigningKey } from '../../../../libs/auth/key-rotation.js';
import { systemClock } from '../../../../libs/platform/clock.js';
import { systemIds } from '../../../../libs/platform/ids.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { readOrCreateMasterKey, type MasterKey } from '../../../../libs/platform/secrets.js';
import { withDatabase } from '../database.js';
import { masterKeyOf } from '../master-key.js';
import { minute } from '../output.js';
import type { World } from '../world.js';
import { withReason } from './admin-options.js';

interface RotateOptions {
  readonly masterKeyFile?: string;
  readonly endOld?: boolean;
  readonly reason?: string;
}

export function keysCommand(program: Command, world: World): void {
  const keys = program
    .command('keys')
    .description('The keys of the server: what signs access tokens, and what wraps that');
  withReason(
    keys
      .command('rotate')
      .description('Sign tokens with a new key; or, with a file, wrap all signing keys by another master key')
      .option('--master-key-file <file>', 'only wrap all signing keys by the master key in this file, made when absent')
      .option('--end-old', 'the old key is in other hands: no token that it signed is good any more'),
  )
    .addHelpText(
      'after',
      `
Works on the database itself (DATABASE_URL, else the embedded one) with the master key that the server uses
(SOTTO_MASTER_KEY_FILE, else .sotto/master-key). Nothing has to be restarted for a new signing key: the old one still
verifies until its last token is dead. For another master key see docs/runbooks/leaked-server-key.md; it can be
stopped at any point and run again.

Examples:
  $ sotto keys rotate --reason "every quarter"
  $ sotto keys rotate --end-old --reason "backup stolen"
  $ sotto keys rotate --master-key-file /etc/sotto/master-key-2`,
    )
    .action((options: RotateOptions) => rotate(world, options));
}

async function rotate(world: World, options: RotateOptions): Promise<void> {
  const masterKey = masterKeyOf(world);
  await withDatabase(world, async (url) => {
    const db = Db.connect({ url, max: 1, application: 'sotto-cli' });
    try {
      const { masterKeyFile: file } = options;
      await (file === undefined
        ? newKey(world, { db, masterKey, options })
        : rewrap(world, { db, masterKey, file, options }));
    } finally {
      await db.close();
    }
  });
}

async function newKey(
  { out }: World,
  { db, masterKey, options }: { readonly db: Db; readonly masterKey: MasterKey; readonly options: RotateOptions },
): Promise<void> {
  const parts = { masterKey, clock: systemClock, ids: systemIds };
  const wanted = { oldEndNow: options.endOld === true, reason: options.reason };
  const { kid, oldEndAt } = await rotateSigningKey(db, parts, wanted);
  out.line(kid);
  out.error(
    wanted.oldEndNow
      ? 'It signs from now on; tokens of before are refused within seconds, and devices get new ones by themselves.'
      : `It signs in ten seconds. Tokens of before live out; the old key ends ${minute(oldEndAt)} UTC.`,
  );
}

async function rewrap(
  { out }: World,
  of: { readonly db: Db; readonly masterKey: MasterKey; readonly file: string; readonly options: RotateOptions },
): Promise<void> {
  const isNew = !existsSync(of.file);
  const to = readOrCreateMasterKey(of.file);
  if (isNew) out.line(`Made ${of.file}; keep a copy where the old one has its own.`);
  for await (const { kid, done } of rewrapSigningKeys(of.db, { from: of.masterKey, to, reason: of.options.reason }))
    out.line(`${kid}  ${done === 'now' ? 'wrapped anew' : 'was wrapped by it already'}`);
  out.error(`All signing keys are under ${of.file}. Start every process with SOTTO_MASTER_KEY_FILE set to it.`);
}
