import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from './log.js';
import { RedisLink } from './redis.js';
import { systemIds } from './ids.js';
import { testRedisLinks } from './testing/redis.js';

const log = createLogger({ level: 'silent', app: 'spec' });

describe('Redis', () => {
  let links: RedisLink[];
  beforeAll(async () => {
    links = await testRedisLinks(2);
  });
  afterAll(() => {
    for (const link of links) link.close();
  });

  it('carries a message to who listens on its channel, and no longer after that', async () => {
    const [here, there] = links as [RedisLink, RedisLink];
    const channel = `spec:${systemIds.uuid()}`;
    const heard: string[] = [];
    let hear: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (hear = resolve));
    const stop = await there.subscribe(channel, (message) => {
      heard.push(message);
      hear();
    });
    here.publish(`${channel}-other`, 'not this');
    here.publish(channel, 'this');
    await first;
    await stop();
    here.publish(channel, 'late');
    await here.ping();
    await there.ping();
    expect(heard).toEqual(['this']);
  });

  it('is told to be away, without an error out of band', async () => {
    const nowhere = new RedisLink('redis://127.0.0.1:1', log);
    nowhere.publish('x', 'y');
    expect(await nowhere.ping()).toBe(false);
    nowhere.close();
  });
});
