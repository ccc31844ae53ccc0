import { createLogger } from '../log.js';
import { RedisLink } from '../redis.js';

/** Needs SOTTO_TEST_REDIS, which `npm test` sets. */
export function testRedisUrl(): string {
  const url = process.env['SOTTO_TEST_REDIS'];
  if (url === undefined)
    throw new Error('SOTTO_TEST_REDIS is not set; run these tests with `npm test -- --only stores`');
  return url;
}

/** Connections to the Redis of the run, as many processes would have them; open. */
export async function testRedisLinks(count: number): Promise<RedisLink[]> {
  const log = createLogger({ level: 'silent', app: 'spec' });
  const links = Array.from({ length: count }, () => new RedisLink(testRedisUrl(), log));
  for (const link of links) while (!(await link.ping())) await new Promise((resolve) => setTimeout(resolve, 20));
  return links;
}
