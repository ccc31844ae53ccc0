import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MailboxNo } from '../mailbox/guards.js';
import { systemIds } from '../platform/ids.js';
import type { RedisLink } from '../platform/redis.js';
import { testRedisLinks } from '../platform/testing/redis.js';
import type { Envelope } from '../protocol/frames.js';
import type { ListVersion } from '../protocol/ids.js';
import { Doorbell, type Ring } from './doorbell.js';

const CANARY = 'canary-ciphertext';
const mailbox = 4 as MailboxNo;

function wake(head: number): Ring {
  const content = Buffer.from(CANARY);
  return { kind: 'wake', mailbox, epoch: 2, base: head - 1, head, envelopes: [{ content } as unknown as Envelope] };
}

describe('a doorbell over Redis', () => {
  let links: RedisLink[];
  const bells: Doorbell[] = [];
  beforeAll(async () => {
    links = await testRedisLinks(3);
  });
  afterAll(async () => {
    for (const bell of bells) await bell.stop();
    for (const link of links) link.close();
  });

  /** A node that listens, and a way to await what it hears. */
  async function node(no: number, namespace: string) {
    const bell = new Doorbell(links[bells.length % 3], namespace);
    bells.push(bell);
    const heard: Ring[] = [];
    let changed: () => void = () => undefined;
    await bell.listen(no, (rings) => {
      heard.push(...rings);
      changed();
    });
    const until = async (count: number): Promise<readonly Ring[]> => {
      while (heard.length < count) await new Promise<void>((resolve) => (changed = resolve));
      return heard;
    };
    return { bell, heard, until };
  }

  it('rings at another node in order, without the mail, which Redis never sees', async () => {
    const namespace = `spec-${systemIds.bytes(6).toString('hex')}`;
    const [one, two] = [await node(1, namespace), await node(2, namespace)];
    const seen: string[] = [];
    const unsubscribe = await links[2]!.subscribe(`${namespace}:node:2`, (message) => seen.push(message));
    const changed: Ring = { kind: 'devices-changed', mailbox, listVersion: 3 as ListVersion };
    one.bell.ring(2, [wake(1), changed]);
    one.bell.ring(2, [wake(2)]);
    expect(await two.until(3)).toEqual([
      { kind: 'wake', mailbox, epoch: 2, base: 0, head: 1 },
      changed,
      { kind: 'wake', mailbox, epoch: 2, base: 1, head: 2 },
    ]);
    expect(one.heard).toEqual([]);
    await links[2]!.ping();
    expect(seen.join()).not.toContain(CANARY);
    await unsubscribe();
  });

  it('survives what no node says, and takes no mail from Redis', async () => {
    const namespace = `spec-${systemIds.bytes(6).toString('hex')}`;
    const { until } = await node(2, namespace);
    const forged = { ...wake(1), envelopes: [{ sequence: 1 }] };
    for (const message of [
      'x',
      'null',
      '{}',
      '[null, 3, {"kind":"wake"}, {"kind":"gone","mailbox":1}]',
      JSON.stringify([forged]),
    ])
      links[2]!.publish(`${namespace}:node:2`, message);
    expect(await until(1)).toEqual([{ kind: 'wake', mailbox, epoch: 2, base: 0, head: 1 }]);
  });

  it('keeps installations apart that share a Redis', async () => {
    const [a, b] = [`spec-${systemIds.bytes(6).toString('hex')}`, `spec-${systemIds.bytes(6).toString('hex')}`];
    const [oneOfA, twoOfA, oneOfB, twoOfB] = [await node(1, a), await node(2, a), await node(1, b), await node(2, b)];
    oneOfA.bell.ring(2, [wake(1)]);
    oneOfB.bell.ring(2, [wake(9)]);
    expect(await twoOfA.until(1)).toMatchObject([{ head: 1 }]);
    expect(await twoOfB.until(1)).toMatchObject([{ head: 9 }]);
    oneOfA.bell.ring(2, [wake(2)]);
    oneOfB.bell.ring(2, [wake(10)]);
    expect(await twoOfA.until(2)).toMatchObject([{ head: 1 }, { head: 2 }]);
    expect(await twoOfB.until(2)).toMatchObject([{ head: 9 }, { head: 10 }]);
  });

  it('hears nothing after it has stopped, and may listen anew under another number', async () => {
    const namespace = `spec-${systemIds.bytes(6).toString('hex')}`;
    const [one, two] = [await node(1, namespace), await node(2, namespace)];
    await two.bell.stop();
    one.bell.ring(2, [wake(1)]);
    const again = await new Promise<readonly Ring[]>((resolve) => {
      void two.bell.listen(3, resolve).then(() => {
        one.bell.ring(2, [wake(2)]);
        one.bell.ring(3, [wake(3)]);
      });
    });
    expect(again).toMatchObject([{ head: 3 }]);
    expect(two.heard).toEqual([]);
  });
});
