import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SottoClient } from './client.js';
import { sottoError } from './errors.js';
import { custodyOf, type Custody } from './store/custody.js';
import type { OpenKeychain } from './store/keychain.js';
import { FakeServer } from './testing.js';

let root: string;
let folder: string;
let server: FakeServer;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-custody-'));
  folder = join(root, 'store');
  server = new FakeServer();
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const raw: Custody = { kind: 'key', key: new Uint8Array(32).fill(7) };

async function enrolled(custody: Custody): Promise<string> {
  const client = await SottoClient.enrol({ folder, custody, host: server.host, server: server.url, code: 'code' });
  const { deviceId } = client.me;
  await client.close();
  return deviceId;
}

/** The device id of the store, or the code of the error. */
async function opened(custody: Custody, at = folder): Promise<string> {
  try {
    const client = await SottoClient.open({ folder: at, custody, host: server.host });
    const { deviceId } = client.me;
    await client.close();
    return deviceId;
  } catch (error) {
    return sottoError(error)?.code ?? `not a SottoError: ${String(error)}`;
  }
}

function passphrase(text: string): Custody {
  return { kind: 'passphrase', ask: () => Promise.resolve(text) };
}

function contents(of = folder): readonly string[] {
  return ['sotto.db', 'custody.json'].map((name) => readFileSync(join(of, name)).toString('hex'));
}

describe('passphrase custody', () => {
  it('opens with the passphrase, also elsewhere; a wrong one changes nothing', async () => {
    const right = passphrase('correct horse battery');
    const deviceId = await enrolled(right);
    const before = contents();
    expect(await opened(passphrase('incorrect horse battery'))).toBe('store_locked');
    expect(contents()).toEqual(before);
    expect(await opened(right)).toBe(deviceId);
    renameSync(folder, join(root, 'moved'));
    expect(await opened(right, join(root, 'moved'))).toBe(deviceId);
    expect(readFileSync(join(root, 'moved', 'custody.json'), 'utf8')).not.toContain('horse');
  });

  it('asks, says whether it is for a new store, and takes no short one', async () => {
    const asked: boolean[] = [];
    const ask = ({ creating }: { readonly creating: boolean }) =>
      Promise.resolve(asked.push(creating) > 0 ? 'short' : '');
    await expect(enrolled({ kind: 'passphrase', ask })).rejects.toMatchObject({ code: 'store_locked' });
    expect(asked).toEqual([true]);
    expect(existsSync(join(folder, 'sotto.db'))).toBe(false);
  });

  it('is the same however the letters are composed', async () => {
    const deviceId = await enrolled(passphrase('ein Gebäude am Fluss'));
    expect(await opened(passphrase('ein Geba\u0308ude am Fluss'))).toBe(deviceId);
  });

  it.each([
    ['memory', { memoryKib: 104_857_600 }, 'store_damaged'],
    ['little memory', { memoryKib: 8 }, 'store_damaged'],
    ['passes', { passes: 1_000_000 }, 'store_damaged'],
    ['lanes', { lanes: 1.5 }, 'store_damaged'],
    ['salt', { salt: 'AAAA' }, 'store_damaged'],
    ['kind', { custody: 'none' }, 'store_damaged'],
    ['version', { version: 2 }, 'store_too_new'],
  ])('with a damaged file is refused: %s', async (_, change, code) => {
    const right = passphrase('correct horse battery');
    const deviceId = await enrolled(right);
    const path = join(folder, 'custody.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
    expect(await opened(right)).toBe(code);
    writeFileSync(path, text.slice(0, 40));
    expect(await opened(right)).toBe('store_damaged');
    rmSync(path);
    expect(await opened(right)).toBe('store_locked');
    writeFileSync(path, text);
    expect(await opened(right)).toBe(deviceId);
  });
});

describe('file custody', () => {
  const text = Buffer.alloc(32, 9).toString('base64');

  function keyFile(mode = 0o600, content = `${text}\n`): Custody & { kind: 'file' } {
    const path = join(root, 'key');
    rmSync(path, { force: true });
    writeFileSync(path, content, { mode });
    chmodSync(path, mode);
    return { kind: 'file', path };
  }

  it('follows links, remembers where the file was, and takes another place', async () => {
    const custody = keyFile();
    const deviceId = await enrolled(custody);
    expect(custodyOf(folder)).toEqual({ kind: 'file', path: custody.path });
    mkdirSync(join(root, 'mount'));
    const link = join(root, 'mount', 'key');
    symlinkSync(custody.path, link);
    expect(await opened({ kind: 'file', path: link })).toBe(deviceId);
    expect(custodyOf(folder)).toEqual({ kind: 'file', path: link });
    cpSync(folder, join(root, 'copy'), { recursive: true });
    expect(await opened(custody, join(root, 'copy'))).toBe(deviceId);
  });

  it('refuses a file that others can read, that lies with the store, or that holds no key', async () => {
    const deviceId = await enrolled(keyFile());
    for (const mode of [0o644, 0o604, 0o620, 0o602, 0o660]) expect(await opened(keyFile(mode))).toBe('store_unsafe');
    expect(await opened(keyFile(0o600, 'short'))).toBe('store_locked');
    expect(await opened(keyFile(0o600, 'x'.repeat(5000)))).toBe('store_locked');
    expect(await opened(keyFile(0o600, Buffer.alloc(32, 8).toString('base64')))).toBe('store_locked');
    expect(await opened({ kind: 'file', path: join(root, 'none') })).toBe('store_locked');
    expect(await opened({ kind: 'file', path: root })).toBe('store_locked');
    const within = join(folder, 'key');
    copyFileSync(keyFile().path, within);
    expect(await opened({ kind: 'file', path: within })).toBe('store_unsafe');
    expect(await opened(keyFile(0o400, Buffer.alloc(32, 9).toString('base64url')))).toBe(deviceId);
  });
});

describe('keychain custody', () => {
  it('binds the store to an entry of its own, and is locked without it', async () => {
    const entries = new Map<string, Uint8Array>();
    const open: OpenKeychain = (service, name) =>
      Promise.resolve({
        getSecret: () => Promise.resolve(entries.get(service + name)),
        setSecret: (secret) => Promise.resolve(void entries.set(service + name, secret)),
        deleteCredential: () => Promise.resolve(entries.delete(service + name)),
      });
    const custody: Custody = { kind: 'keychain', open };
    const deviceId = await enrolled(custody);
    cpSync(folder, join(root, 'copy'), { recursive: true });
    expect([await opened(custody), await opened(custody, join(root, 'copy'))]).toEqual([deviceId, deviceId]);
    entries.clear();
    expect(await opened(custody)).toBe('store_locked');
    expect(entries.size).toBe(0);
    const refused = { folder: join(root, 'other'), custody, host: server.host, server: server.url, code: 'wrong' };
    await expect(SottoClient.enrol(refused)).rejects.toMatchObject({ code: 'invitation_invalid' });
    expect(entries.size).toBe(0);
  });

  it.each([
    [
      'no package',
      Object.assign(new Error('not there'), { code: 'ERR_MODULE_NOT_FOUND' }),
      'npm install @napi-rs/keyring',
    ],
    ['no service', new Error('no session bus'), 'no session bus'],
  ])('says what is missing and falls back on nothing: %s', async (_, error, said) => {
    const custody: Custody = { kind: 'keychain', open: () => Promise.reject(error) };
    const attempt = enrolled(custody);
    await expect(attempt).rejects.toMatchObject({ code: 'store_locked' });
    await expect(attempt).rejects.toThrow(said);
    expect(existsSync(join(folder, 'sotto.db'))).toBe(false);
  });
});

describe('demo custody', () => {
  it('warns at each start, and its key is for the owner alone', async () => {
    server.demo = true;
    const deviceId = await enrolled({ kind: 'demo' });
    expect(await opened({ kind: 'demo' })).toBe(deviceId);
    expect(server.warnings.filter((line) => line.includes('demo custody'))).toHaveLength(2);
    chmodSync(join(folder, 'demo.key'), 0o640);
    expect(await opened({ kind: 'demo' })).toBe('store_unsafe');
    rmSync(join(folder, 'demo.key'));
    expect(await opened({ kind: 'demo' })).toBe('store_locked');
  });

  it('is refused where the tenant is none for demos, when enrolling and when connecting', async () => {
    await expect(enrolled({ kind: 'demo' })).rejects.toMatchObject({ code: 'demo_only' });
    expect([existsSync(join(folder, 'sotto.db')), existsSync(join(folder, 'demo.key'))]).toEqual([false, false]);
    server.demo = true;
    await enrolled({ kind: 'demo' });
    server.demo = false;
    const client = await SottoClient.open({ folder, custody: { kind: 'demo' }, host: server.host });
    await expect(client.connect()).rejects.toMatchObject({ code: 'demo_only' });
    server.demo = true;
    await client.connect();
    await client.close();
  });
});

describe('any custody', () => {
  it('is the one that the store was made with', async () => {
    await enrolled(raw);
    const before = contents();
    for (const other of [
      passphrase('correct horse battery'),
      { kind: 'demo' },
      { kind: 'file', path: '/none' },
    ] as const)
      expect(await opened(other)).toBe('store_locked');
    expect(contents()).toEqual(before);
  });

  it('narrows the folder to its owner', async () => {
    const deviceId = await enrolled(raw);
    chmodSync(folder, 0o755);
    expect(await opened(raw)).toBe(deviceId);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('a store cut short', () => {
  /** Two people with a session and messages; alice's store is `folder`. */
  async function conversation(): Promise<{ readonly alice: SottoClient; readonly bob: SottoClient }> {
    const at = { custody: raw, host: server.host, server: server.url, code: 'code' };
    const alice = await SottoClient.enrol({ ...at, folder });
    const bob = await SottoClient.enrol({ ...at, folder: join(root, 'bob') });
    await Promise.all([alice.connect(), bob.connect()]);
    for (let count = 0; count < 20; count += 1) {
      await alice.send(bob.me.accountId, `there ${String(count)} `.repeat(40)).accepted;
      await bob.send(alice.me.accountId, 'and back '.repeat(40)).accepted;
    }
    return { alice, bob };
  }

  async function cutAtEachPage(from: string, file: string, deviceId: string): Promise<readonly string[]> {
    const size = statSync(join(from, file)).size;
    const outcomes: string[] = [];
    for (let length = 0; length < size; length += 4096) {
      const cut = join(root, 'cut');
      rmSync(cut, { recursive: true, force: true });
      cpSync(from, cut, { recursive: true });
      truncateSync(join(cut, file), length);
      const outcome = await opened(raw, cut);
      outcomes.push(outcome === deviceId ? 'works' : outcome);
      if (outcome === deviceId) continue;
      // Nobody gets a new identity where one was lost.
      const again = SottoClient.enrol({
        folder: cut,
        custody: raw,
        host: server.host,
        server: server.url,
        code: 'code',
      });
      await expect(again).rejects.toMatchObject({ code: outcome });
    }
    return outcomes;
  }

  it('at every 4 KiB is damaged by name, and stays what it was', async () => {
    const { alice, bob } = await conversation();
    const { deviceId } = alice.me;
    await Promise.all([alice.close(), bob.close()]);
    const outcomes = await cutAtEachPage(folder, 'sotto.db', deviceId);
    expect(outcomes.length).toBeGreaterThan(50);
    expect(new Set(outcomes)).toEqual(new Set(['store_damaged']));
  }, 120_000);

  it('with its log at every 4 KiB, after a crash, works or is damaged by name', async () => {
    const { alice, bob } = await conversation();
    const { deviceId } = alice.me;
    const crashed = join(root, 'crashed');
    cpSync(folder, crashed, { recursive: true });
    await Promise.all([alice.close(), bob.close()]);
    expect(statSync(join(crashed, 'sotto.db-wal')).size).toBeGreaterThan(100_000);
    const ofLog = await cutAtEachPage(crashed, 'sotto.db-wal', deviceId);
    expect(new Set(ofLog)).toEqual(new Set(['works']));
    const ofStore = await cutAtEachPage(crashed, 'sotto.db', deviceId);
    expect([...new Set(ofStore)].filter((outcome) => outcome !== 'works' && outcome !== 'store_damaged')).toEqual([]);
  }, 240_000);
});
