import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatRecoveryCode, parseRecoveryCode } from './recovery-code.js';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const key = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) & 0xff);
const code = formatRecoveryCode(key, sha256);

describe('a recovery code', () => {
  it('is fourteen groups of four letters and comes back', () => {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(parseRecoveryCode(code, sha256)).toEqual(key);
  });

  it.each([0, 1, 200, 255])('carries a key of bytes %s', (byte) => {
    const all = new Uint8Array(32).fill(byte);
    expect(parseRecoveryCode(formatRecoveryCode(all, sha256), sha256)).toEqual(all);
  });

  it('is read as people type it', () => {
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`;
    expect(parseRecoveryCode(typed, sha256)).toEqual(key);
  });

  it('notices every single letter that is another', () => {
    const letters = code.replaceAll('-', '');
    const changed = Array.from(
      letters,
      (letter, at) => letters.slice(0, at) + (letter === 'Z' ? '7' : 'Z') + letters.slice(at + 1),
    );
    expect(changed.filter((text) => parseRecoveryCode(text, sha256) !== undefined)).toEqual([]);
  });

  it.each(['', code.slice(0, -1), `${code}0`, code.replace(/.$/, 'U'), code.replace(/.$/, '!')])(
    'refuses %j',
    (text) => {
      expect(parseRecoveryCode(text, sha256)).toBeUndefined();
    },
  );
});
