import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

describe('Health', () => {
  it('is ready when every check is right, and names them', async () => {
    const health = new Health([{ name: 'database', fault: () => Promise.resolve(undefined) }]);
    expect(await health.readiness()).toEqual({
      ready: true,
      checks: [
        { name: 'running', ok: true },
        { name: 'database', ok: true },
      ],
    });
  });

  it('says what is wrong, and never repeats an error text, which may hold a password', async () => {
    const health = new Health([
      { name: 'durability', fault: () => Promise.resolve('fsync = off') },
      { name: 'redis', fault: () => Promise.reject(new Error('redis://:secret@host')) },
    ]);
    expect(await health.readiness()).toEqual({
      ready: false,
      checks: [
        { name: 'running', ok: true },
        { name: 'durability', ok: false, detail: 'fsync = off' },
        { name: 'redis', ok: false, detail: 'cannot be reached' },
      ],
    });
  });

  it('does not wait for a check that hangs', async () => {
    const health = new Health([{ name: 'database', fault: () => new Promise(() => undefined) }]);
    expect((await health.readiness()).ready).toBe(false);
  });

  it('looks once for all who ask at the same time, and again for who comes later', async () => {
    let looks = 0;
    const fault = async () => Promise.resolve((looks += 1) > 1 ? 'worse' : undefined);
    const health = new Health([{ name: 'database', fault }]);
    const asked = await Promise.all(Array.from({ length: 100 }, async () => health.readiness()));
    expect(asked.every(({ ready }) => ready)).toBe(true);
    expect(looks).toBe(1);
    expect(await health.readiness()).toMatchObject({ ready: false });
  });

  it('is not ready once shutdown has begun', async () => {
    const health = new Health([]);
    health.beginShutdown();
    expect(await health.readiness()).toMatchObject({ ready: false, checks: [{ name: 'running', ok: false }] });
  });
});
