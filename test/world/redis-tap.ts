import { Redis } from 'ioredis';
import type { Haystack } from './canaries.js';

/** Every command that any client gives a Redis from now on (what is published too), and at any moment all that it holds. */
export class RedisTap {
  private readonly heard: string[] = [];

  private constructor(
    private readonly redis: Redis,
    private readonly monitor: Redis,
  ) {
    monitor.on('monitor', (_time: string, args: readonly string[]) => this.heard.push(args.join(' ')));
  }

  static async start(url: string): Promise<RedisTap> {
    const redis = new Redis(url, { lazyConnect: true });
    redis.on('error', () => undefined);
    await redis.connect();
    const monitor = await redis.monitor();
    monitor.on('error', () => undefined);
    return new RedisTap(redis, monitor);
  }

  /** To plant something on purpose. */
  async set(key: string, value: string): Promise<void> {
    await this.redis.set(key, value);
  }

  get commands(): readonly string[] {
    return this.heard;
  }

  async haystacks(): Promise<readonly Haystack[]> {
    const held: string[] = [];
    for (const key of await this.redis.keys('*')) held.push(key, JSON.stringify(await this.valueOf(key)));
    return [
      { place: 'Redis', text: Buffer.from(held.join('\n'), 'latin1') },
      { place: 'commands to Redis', text: Buffer.from(this.heard.join('\n'), 'latin1') },
    ];
  }

  stop(): void {
    this.redis.disconnect();
    this.monitor.disconnect();
  }

  private async valueOf(key: string): Promise<unknown> {
    const { redis } = this;
    const text = (bytes: Buffer | null): string => bytes?.toString('latin1') ?? '';
    switch (await redis.type(key)) {
      case 'string':
        return text(await redis.getBuffer(key));
      case 'hash':
        return Object.entries(await redis.hgetallBuffer(key)).map(([name, value]) => [name, text(value)]);
      case 'list':
        return (await redis.lrangeBuffer(key, 0, -1)).map(text);
      case 'set':
        return (await redis.smembersBuffer(key)).map(text);
      case 'zset':
        return (await redis.zrangeBuffer(key, '0', '-1')).map(text);
      case 'stream':
        return redis.xrange(key, '-', '+');
      default:
        return 'gone';
    }
  }
}
