import { describe, expect, it } from '@jest/globals';
import { formatContactAddress } from './contact-address.js';
import type { AccountId } from './ids.js';
import { formatLinkText, linkKeyInfo, parseLinkText } from './link-text.js';

const link = {
  server: 'https://chat.example/api?x=1&y=ä',
  session: new Uint8Array(16).fill(0xfb),
  secret: new Uint8Array(32).fill(0xff),
  expiresAt: 1_790_000_000_000,
};
const text = formatLinkText(link);

function reason(of: string): string {
  const parsed = parseLinkText(of);
  return parsed.kind === 'link' ? 'link' : parsed.reason;
}

describe('link text', () => {
  it('comes back, also with the space of a careless copy', () => {
    expect(parseLinkText(` ${text}\n`)).toEqual({ kind: 'link', link });
  });

  it('is not mistaken for a contact address', () => {
    expect(
      reason(
        formatContactAddress({
          accountId: '11111111-1111-4111-8111-111111111111' as AccountId,
          keyHash: new Uint8Array(16),
        }),
      ),
    ).toBe('contact_address');
  });

  it.each([
    ['hello', 'not_a_link'],
    ['', 'not_a_link'],
    [text.replace('sotto-link:1', 'sotto-link:2'), 'unknown_version'],
    [text.slice(0, -1), 'damaged'],
    [`${text}A`, 'damaged'],
    [text.replace(/expires=\d+/, 'expires=soon'), 'damaged'],
    [text.replace(/&expires=\d+/, ''), 'damaged'],
    [text.replace(/server=[^&]+/, 'server=nowhere'), 'damaged'],
    [text.replace(/session=[^&]+/, 'session=-_-_'), 'damaged'],
  ])('refuses %s', (given, wanted) => {
    expect(reason(given)).toBe(wanted);
  });
});

describe('linkKeyInfo', () => {
  it('is another for each direction and step', () => {
    const infos = (['new-to-old', 'old-to-new'] as const).flatMap((direction) =>
      (['hello', 'account', 'statement', 'done'] as const).map((step) => linkKeyInfo(direction, step).join()),
    );
    expect(new Set(infos).size).toBe(8);
  });
});
