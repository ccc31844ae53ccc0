import { describe, expect, it } from '@jest/globals';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Append, AppendResult, Grown } from '../mailbox/mailbox.js';
import { ringsFor } from './rings.js';

const HERE = 1;
const THERE = 2;
const [a, b, c, d] = [11, 12, 13, 14] as [MailboxNo, MailboxNo, MailboxNo, MailboxNo];

function request(sender: number, ...to: readonly MailboxNo[]): Append {
  return {
    senderMailbox: 99 as MailboxNo,
    ownListVersion: 1,
    key: Buffer.alloc(16),
    digest: Buffer.alloc(32),
    sender: Buffer.alloc(32, sender),
    items: to.map((mailbox, index) => ({
      mailbox,
      listVersion: 1,
      registrationId: 5,
      kind: 1,
      control: false,
      id: Buffer.alloc(8, sender * 16 + index),
      content: Buffer.from(`${String(sender)}/${String(index)}`),
    })),
  };
}

function grown(mailbox: MailboxNo, base: number, node: number | null): Grown {
  return { mailbox, base, epoch: mailbox * 10, node };
}

function rings(stored: readonly Append[], ...growth: readonly Grown[]) {
  const result: AppendResult = { verdicts: stored.map(() => 'stored'), grown: growth, acceptedAt: 777 };
  return ringsFor(stored, result, (node) => node === HERE);
}

describe('ringsFor', () => {
  it('makes one batch for each node, and none for a mailbox that nobody ever held', () => {
    const made = rings(
      [request(1, a, b, c), request(2, d, b)],
      grown(a, 0, THERE),
      grown(b, 5, THERE),
      grown(c, 0, null),
      grown(d, 3, 7),
    );
    expect([...made.keys()]).toEqual([THERE, 7]);
    expect(made.get(THERE)).toEqual([
      { kind: 'wake', mailbox: a, epoch: 110, base: 0, head: 1 },
      { kind: 'wake', mailbox: b, epoch: 120, base: 5, head: 7 },
    ]);
    expect(made.get(7)).toEqual([{ kind: 'wake', mailbox: d, epoch: 140, base: 3, head: 4 }]);
  });

  it('brings the mail along within the own node only, numbered as the statement numbered it', () => {
    const made = rings([request(1, a, b, a), request(2, a)], grown(b, 0, THERE), grown(a, 8, HERE));
    expect(made.get(THERE)?.[0]).not.toHaveProperty('envelopes');
    const [wake] = made.get(HERE) ?? [];
    expect(wake).toMatchObject({ mailbox: a, base: 8, head: 11 });
    expect(wake?.envelopes?.map(({ sequence, content }) => [sequence, content.toString()])).toEqual([
      [9, '1/0'],
      [10, '1/2'],
      [11, '2/0'],
    ]);
    expect(wake?.envelopes?.[2]).toEqual({
      sequence: 11,
      id: Buffer.alloc(8, 32),
      acceptedAt: 777,
      registrationId: 5,
      kind: 1,
      control: false,
      senderAccount: Buffer.alloc(16, 2),
      senderDevice: Buffer.alloc(16, 2),
      content: Buffer.from('2/0'),
    });
  });
});
