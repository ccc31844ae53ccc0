import { describe, expect, it } from '@jest/globals';
import { decodeContent, encodeContent, type Content } from './content.js';
import { sotto } from './generated/sotto.js';
import type { AccountId, IdempotencyKey, ListVersion } from './ids.js';
import { pad } from './padding.js';
import { encodeWire } from './wire.js';

const state = { epoch: 1, listVersion: 2 as ListVersion, hash: new Uint8Array(32).fill(7) };
const content: Content = {
  sender: state,
  recipient: state,
  messageId: '0192f0c1-7a00-7123-8456-789abcdef012' as IdempotencyKey,
  sentAt: 5,
  body: { kind: 'text', text: 'hello' },
};

function decoded(change: sotto.v1.Content.$Properties): Content | undefined {
  const wire = {
    sender: state,
    recipient: state,
    messageId: new Uint8Array(16).fill(1),
    text: { text: 'x' },
    ...change,
  };
  return decodeContent(pad(encodeWire(sotto.v1.Content, wire)) ?? new Uint8Array());
}

describe('content', () => {
  it('comes back, an empty text too', () => {
    for (const text of ['hello', '', '👋'.repeat(1000)]) {
      expect(
        decodeContent(encodeContent({ ...content, body: { kind: 'text', text } }) ?? new Uint8Array())?.body,
      ).toEqual({ kind: 'text', text });
    }
  });

  it('tells a copy of what another device sent', () => {
    const body = { kind: 'sent' as const, recipient: '11111111-1111-4111-8111-111111111111' as AccountId, text: 'hi' };
    expect(decodeContent(encodeContent({ ...content, body }) ?? new Uint8Array())?.body).toEqual(body);
  });

  it('has the same length for short texts', () => {
    const lengths = ['a', 'hello', 'a whole sentence'].map(
      (text) => encodeContent({ ...content, body: { kind: 'text', text } })?.length,
    );
    expect(new Set(lengths)).toEqual(new Set([256]));
  });

  it('is refused when it does not fit an envelope', () => {
    expect(encodeContent({ ...content, body: { kind: 'text', text: 'x'.repeat(61_440) } })).toBeUndefined();
  });

  it.each<[string, sotto.v1.Content.$Properties]>([
    ['no sender state', { sender: null }],
    ['a short hash', { recipient: { ...state, hash: new Uint8Array(31) } }],
    ['no message id', { messageId: new Uint8Array() }],
    ['no body', { text: null }],
    ['a copy without recipient', { text: null, sent: { text: { text: 'x' } } }],
  ])('is refused with %s', (_, change) => {
    expect(decoded({})).toBeDefined();
    expect(decoded(change)).toBeUndefined();
  });

  it('is refused without padding and as other bytes', () => {
    expect(decodeContent(new Uint8Array(256))).toBeUndefined();
    expect(decodeContent(pad(Uint8Array.of(0xff)) ?? new Uint8Array())).toBeUndefined();
  });
});
