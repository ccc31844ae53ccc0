import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoClient } from '../../libs/sdk/client.js';
import { World } from '../world/world.js';

const built = pathToFileURL(join(import.meta.dirname, '../../dist/libs/sdk/client.js')).href;

/** What another process gets for `SottoClient.<call>(options)`: the code of the error and its text. */
function elsewhere(call: 'open' | 'enrol', options: string): Promise<string> {
  const script = `import { SottoClient } from ${JSON.stringify(built)};
    await SottoClient.${call}(${options}).then((client) => { console.log('opened'); return client.close(); }, (error) => console.log(error.message));`;
  const env = { PATH: process.env['PATH'], DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], { env, timeout: 60_000 }, (error, stdout) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(error.message, { cause: error }));
    });
  });
}

describe('key custody', () => {
  const root = mkdtempSync(join(tmpdir(), 'sotto-custody-'));
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('lets one process have the store, and the next one after it', async () => {
    const at = {
      folder: join(root, 'shared'),
      custody: { kind: 'passphrase', ask: () => Promise.resolve('correct horse battery') } as const,
    };
    const client = await SottoClient.enrol({ ...at, server: world.place.api, code: await world.invitation() });
    const options = `{ folder: ${JSON.stringify(at.folder)}, custody: { kind: 'passphrase', ask: async () => 'correct horse battery' } }`;
    try {
      await client.connect();
      expect(await elsewhere('open', options)).toMatch(/^store_in_use: /);
    } finally {
      await client.close();
    }
    expect(await elsewhere('open', options)).toBe('opened');
  }, 60_000);

  it('beside the store is refused by a tenant that is no demo', async () => {
    const enrolling = { folder: join(root, 'demo'), server: world.place.api, code: await world.invitation() };
    await expect(SottoClient.enrol({ ...enrolling, custody: { kind: 'demo' } })).rejects.toMatchObject({
      code: 'demo_only',
    });
  });

  it('by a keychain that does not answer is locked, and says why', async () => {
    const options = `{ folder: ${JSON.stringify(join(root, 'chain'))}, server: ${JSON.stringify(world.place.api)}, code: ${JSON.stringify(await world.invitation())}, custody: { kind: 'keychain' } }`;
    const said = await elsewhere('enrol', options);
    expect(said).toMatch(/^store_locked: /);
    expect(said).toMatch(/The keychain does not answer|@napi-rs\/keyring is not installed/);
  }, 60_000);
});
