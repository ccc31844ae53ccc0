import { describe, expect, it } from '@jest/globals';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Envelope } from '../protocol/frames.js';
import { Doorbell, type Ring, type Wake } from './doorbell.js';

const wake: Wake = {
  kind: 'wake',
  mailbox: 4 as MailboxNo,
  epoch: 2,
  base: 0,
  head: 1,
  envelopes: [{ sequence: 1 } as Envelope],
};

describe('a doorbell in one process', () => {
  it('rings for the own node with the mail, at once, and for no other', async () => {
    const bell = new Doorbell();
    const heard: Ring[] = [];
    bell.ring(1, [wake]);
    expect(bell.isOwn(1)).toBe(false);
    await bell.listen(1, (rings) => heard.push(...rings));
    expect([bell.isOwn(1), bell.isOwn(2), bell.isOwn(null)]).toEqual([true, false, false]);
    bell.ring(2, [wake]);
    expect(heard).toEqual([]);
    bell.ring(1, [wake]);
    expect(heard).toEqual([wake]);
    expect(heard[0]).toHaveProperty('envelopes', wake.envelopes);
    await bell.stop();
    bell.ring(1, [wake]);
    expect(heard).toHaveLength(1);
  });
});
