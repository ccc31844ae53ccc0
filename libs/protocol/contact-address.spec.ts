import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { accountKeyHash, formatContactAddress, parseContactAddress } from './contact-address.js';
import type { AccountId } from './ids.js';
import { formatLinkText } from './link-text.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const address = {
  accountId: '11111111-1111-4111-8111-111111111111' as AccountId,
  keyHash: accountKeyHash(new Uint8Array(33), sha256),
};
const text = formatContactAddress(address);

function reason(of: string): string {
  const parsed = parseContactAddress(of);
  return parsed.kind === 'address' ? 'address' : parsed.reason;
}

describe('contact address', () => {
  it('comes back, also with the space of a careless copy', () => {
    const parsed = parseContactAddress(` ${text}\n`);
    expect(parsed.kind === 'address' && parsed.address.accountId).toBe(address.accountId);
    expect(parsed.kind === 'address' && Buffer.from(parsed.address.keyHash)).toEqual(Buffer.from(address.keyHash));
  });

  it('holds 128 bits of the key', () => {
    expect(address.keyHash).toHaveLength(16);
    expect(accountKeyHash(new Uint8Array(33).fill(1), sha256)).not.toEqual(address.keyHash);
  });

  it('is not mistaken for a link text', () => {
    const link = formatLinkText({
      server: 'http://localhost',
      session: new Uint8Array(16),
      secret: new Uint8Array(32),
      expiresAt: 1,
    });
    expect(reason(link)).toBe('link_text');
  });

  it.each([
    ['alice', 'not_an_address'],
    ['11111111-1111-4111-8111-111111111111', 'not_an_address'],
    [text.replace(':1/', ':2/'), 'unknown_version'],
    [text.slice(0, -1), 'damaged'],
    [`${text}A`, 'damaged'],
    [`sotto:1/${'A'.repeat(43)}`, 'damaged'],
  ])('refuses %s', (given, wanted) => {
    expect(reason(given)).toBe(wanted);
  });
});
