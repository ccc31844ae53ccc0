import { describe, expect, it } from '@jest/globals';
import { Limiter } from './limiter.js';

const limit = { name: 'bundles', points: 10, perSeconds: 60 };

describe('Limiter in memory', () => {
  it('allows the points of the window and then says how long to wait', async () => {
    const limiter = new Limiter(Buffer.alloc(32));
    const verdicts = await Promise.all(Array.from({ length: 15 }, async () => limiter.take(limit, 'alice')));
    expect(verdicts.filter(({ kind }) => kind === 'allowed')).toHaveLength(10);
    const refused = verdicts.find((verdict) => verdict.kind === 'limited');
    expect(refused?.retryAfterMs).toBeGreaterThan(0);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('keeps keys and names apart', async () => {
    const limiter = new Limiter(Buffer.alloc(32));
    await limiter.take(limit, 'alice', 10);
    expect(await limiter.take(limit, 'alice')).toMatchObject({ kind: 'limited' });
    expect(await limiter.take(limit, 'bob')).toEqual({ kind: 'allowed' });
    expect(await limiter.take({ ...limit, name: 'links' }, 'alice')).toEqual({ kind: 'allowed' });
  });

  it('consumes nothing for what it refuses', async () => {
    const limiter = new Limiter(Buffer.alloc(32));
    await limiter.take(limit, 'alice', 8);
    expect(await limiter.take(limit, 'alice', 5)).toMatchObject({ kind: 'limited' });
    expect(await limiter.take(limit, 'alice', 2)).toEqual({ kind: 'allowed' });
    expect(await limiter.take(limit, 'alice')).toMatchObject({ kind: 'limited' });
  });

  it('forgets when the window ends', async () => {
    const limiter = new Limiter(Buffer.alloc(32));
    const short = { name: 'short', points: 1, perSeconds: 1 };
    await limiter.take(short, 'alice');
    const refused = await limiter.take(short, 'alice');
    expect(refused).toMatchObject({ kind: 'limited' });
    await new Promise((resolve) => setTimeout(resolve, refused.kind === 'limited' ? refused.retryAfterMs + 50 : 0));
    expect(await limiter.take(short, 'alice')).toEqual({ kind: 'allowed' });
  });
});
