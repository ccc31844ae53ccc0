import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  equalSecrets,
  MasterKey,
  namespaceOf,
  readMasterKey,
  readOrCreateMasterKey,
  readOrCreateSecretFile,
  writeSecretFile,
} from './secrets.js';

const key = new MasterKey(Buffer.alloc(32, 1));
const other = new MasterKey(Buffer.alloc(32, 2));
const secret = Buffer.from('a signing key');

describe('MasterKey', () => {
  it('unwraps what it wrapped, never twice the same bytes', () => {
    const wrapped = key.wrap(secret, 'signing-key/1');
    expect(key.unwrap(wrapped, 'signing-key/1')).toEqual(secret);
    expect(key.wrap(secret, 'signing-key/1')).not.toEqual(wrapped);
    expect(wrapped.includes(secret)).toBe(false);
  });

  it('refuses another key, another context and a changed byte anywhere', () => {
    const wrapped = key.wrap(secret, 'signing-key/1');
    expect(() => other.unwrap(wrapped, 'signing-key/1')).toThrow(/another master key/);
    expect(() => key.unwrap(wrapped, 'signing-key/2')).toThrow();
    for (let at = 0; at < wrapped.length; at += 1) {
      const changed = Buffer.from(wrapped);
      changed[at]! ^= 1;
      expect(() => key.unwrap(changed, 'signing-key/1')).toThrow();
    }
    expect(() => key.unwrap(wrapped.subarray(0, 20), 'signing-key/1')).toThrow();
  });

  it('still unwraps what the one before wrapped, wraps by itself, and keeps the keys for other purposes', () => {
    const both = new MasterKey(Buffer.alloc(32, 1), other);
    expect(both.unwrap(other.wrap(secret, 'x'), 'x')).toEqual(secret);
    expect(key.unwrap(both.wrap(secret, 'x'), 'x')).toEqual(secret);
    expect(() => other.unwrap(both.wrap(secret, 'x'), 'x')).toThrow(/another master key/);
    expect(both.subkey('node-link')).toEqual(other.subkey('node-link'));
    expect(namespaceOf(both)).toBe(namespaceOf(other));
    expect([both.fingerprint, key.fingerprint === other.fingerprint]).toEqual([key.fingerprint, false]);
  });

  it('yields a key for each label, and takes exactly 32 bytes', () => {
    expect(key.subkey('limiter')).toHaveLength(32);
    expect(key.subkey('limiter')).toEqual(key.subkey('limiter'));
    expect(key.subkey('limiter')).not.toEqual(key.subkey('node-link'));
    expect(namespaceOf(key)).not.toEqual(namespaceOf(other));
    expect(() => new MasterKey(Buffer.alloc(31))).toThrow(/32 bytes/);
  });
});

describe('secret files', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-secrets-'));
    path = join(folder, 'inner', 'key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are made once, for the owner alone, and leave nothing beside them', () => {
    const wrapped = readOrCreateMasterKey(path).wrap(secret, 'x');
    expect(readOrCreateMasterKey(path).unwrap(wrapped, 'x')).toEqual(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'inner')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'inner'))).toEqual(['key']);
  });

  it('are refused when others can read them', () => {
    writeSecretFile(path, 'text');
    chmodSync(path, 0o640);
    expect(() => readOrCreateSecretFile(path, () => 'new')).toThrow(/chmod 600/);
  });

  it.each(['', 'short', 'x'.repeat(44), '!'.repeat(43)])('are refused as a master key when they hold "%s"', (text) => {
    writeSecretFile(path, text);
    for (const read of [readMasterKey, readOrCreateMasterKey])
      expect(() => read(path)).toThrow(`${path} holds no master key`);
  });

  it('are not made where one must be there', () => {
    expect(() => readMasterKey(path)).toThrow(`there is no master key in ${path}`);
  });

  it('are narrowed when they are replaced', () => {
    writeSecretFile(path, 'one');
    chmodSync(path, 0o644);
    writeSecretFile(path, 'two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('two\n');
  });

  it('hold the first secret when another process makes one at the same moment', () => {
    const mine = readOrCreateSecretFile(path, () => {
      writeSecretFile(path, 'theirs');
      return 'mine';
    });
    expect(mine).toBe('theirs');
    expect(readFileSync(path, 'utf8')).toBe('theirs\n');
    expect(readdirSync(join(folder, 'inner'))).toEqual(['key']);
  });
});

describe('equalSecrets', () => {
  it('compares bytes and lengths', () => {
    expect(equalSecrets(Buffer.from('abc'), Buffer.from('abc'))).toBe(true);
    expect(equalSecrets(Buffer.from('abc'), Buffer.from('abd'))).toBe(false);
    expect(equalSecrets(Buffer.from('abc'), Buffer.from('ab'))).toBe(false);
  });
});
