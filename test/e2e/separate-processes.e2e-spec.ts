import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../libs/platform/embedded-redis.js';
import { quietPort } from '../conformance/own/ports.js';
import { ask, JSON_TYPE } from '../world/ask.js';
import { textOf } from '../world/raw-device.js';
import { until } from '../world/until.js';
import { World } from '../world/world.js';

const CACHE = { cache: join(process.cwd(), '.cache') };

describe('the split installation', () => {
  let redis: EmbeddedRedis;
  let world: World;

  beforeAll(async () => {
    redis = await startEmbeddedRedis({ ...CACHE, port: await quietPort() });
    world = await World.alone('split', { redisUrl: redis.url });
  }, 120_000);

  afterAll(async () => {
    await world.close();
    await redis.stop();
  });

  it('is four processes that ring each other over a real Redis, which never holds the mail', async () => {
    const pids = world.processes.pids;
    expect(Object.keys(pids)).toEqual(['api', 'gateway-1', 'gateway-2', 'worker']);
    expect(new Set([...Object.values(pids), process.pid]).size).toBe(5);
    for (const pid of Object.values(pids)) expect(() => process.kill(pid, 0)).not.toThrow();

    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const watch = new Redis(redis.url);
    const rung: string[] = [];
    watch.on('pmessage', (_pattern: string, _channel: string, message: string) => rung.push(message));
    await watch.psubscribe('*');
    const admin = new Redis(redis.url);
    // A process is ready without Redis too (D14): each joins it when it can.
    await until(
      'all have joined Redis',
      async () => (String(await admin.client('LIST')).match(/name=sotto/g)?.length ?? 0) >= 6,
    );
    await until('both nodes listen', async () => (await admin.pubsub('CHANNELS', '*:node:*')).length >= 2);

    const [sending, reading] = [await alice.phone.connect(0), await bob.phone.connect(1)];
    await reading.next('queue-empty');
    await sending.send(alice.phone.letter([bob], 'from gateway to gateway'));
    expect((await reading.mail()).map(textOf)).toEqual(['from gateway to gateway']);
    await until('somebody was rung', () => rung.length > 0);
    expect(rung.join()).not.toMatch(/from gateway|ZnJvbSBnYXRld2F5/);
    watch.disconnect();
    admin.disconnect();
  });

  it('accepts while Redis is dead: the mail comes in order, to a new connection at once and to the old one by itself', async () => {
    const [alice, bob, carol] = [
      await world.rawPerson('alice'),
      await world.rawPerson('bob'),
      await world.rawPerson('carol'),
    ];
    const [sending, bobs, carols] = [
      await alice.phone.connect(0),
      await bob.phone.connect(1),
      await carol.phone.connect(1),
    ];
    await Promise.all([bobs.next('queue-empty'), carols.next('queue-empty')]);
    await redis.kill();
    const texts = ['one', 'two', 'three'];
    for (const text of texts)
      expect(await sending.send(alice.phone.letter([bob, carol], text))).toMatchObject({ kind: 'accepted' });

    const again = await carol.phone.connect(0);
    expect((await again.mail(3)).map(textOf)).toEqual(texts);
    // Nobody is woken: the look at all heads every two seconds finds it (D14).
    expect((await bobs.mail(3)).map(textOf)).toEqual(texts);

    redis = await startEmbeddedRedis({ ...CACHE, port: redis.port });
    await sending.send(alice.phone.letter([bob], 'after'));
    expect((await bobs.mail(1)).map(textOf)).toEqual(['after']);
    expect(bobs.allMail.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  it('limits each node to its share while Redis is dead, and enrols, links and hands out keys to nobody', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    await world.policy({ pairBurst: 10, pairPerSecond: 0.001 });
    await sleep(3_500);
    const [line, streaming] = [await alice.phone.connect(0), await alice.phone.connect(1)];
    const pending = await alice.pending(streaming);
    await redis.kill();
    const outcomes: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const outcome = await alice.phone.post(alice.phone.letter([bob], `REST ${String(count)}`));
      outcomes.push(outcome.status === 200 ? 'accepted' : String(outcome.json?.['code']));
    }
    const accepted = outcomes.filter((outcome) => outcome === 'accepted').length;
    expect(accepted).toBeGreaterThanOrEqual(1);
    expect(accepted).toBeLessThanOrEqual(5);
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'limited']));

    expect((await alice.phone.grant()).status).toBe(200);
    const closed = [
      await ask(world.place.api, {
        method: 'POST',
        path: '/v1/invitations/lookup',
        type: JSON_TYPE,
        body: JSON.stringify({ code: await world.invitation() }),
      }),
      await alice.phone.ask({
        method: 'POST',
        path: `/v1/accounts/${bob.accountId}/bundles`,
        type: JSON_TYPE,
        body: '{}',
      }),
      await alice.storeList(pending),
    ];
    for (const answer of closed) {
      expect(answer).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(answer.retryAfter).toBeGreaterThan(0);
    }
    await expect(world.provision()).rejects.toThrow('503');
    await line.close();
    redis = await startEmbeddedRedis({ ...CACHE, port: redis.port });
    await until('lists are open again', async () => (await alice.storeList(pending)).status === 201);
  });
});
