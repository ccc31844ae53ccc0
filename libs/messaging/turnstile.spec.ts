import { describe, expect, it } from '@jest/globals';
import { Turnstile } from './turnstile.js';

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turnstile', () => {
  it('lets so many through at once, the others in order of arrival, and a failing one blocks nobody', async () => {
    const turnstile = new Turnstile(2);
    const inside: { readonly name: number; readonly leave: (error?: Error) => void }[] = [];
    const all = [0, 1, 2, 3].map(async (name) =>
      turnstile.pass(
        async () =>
          new Promise<number>((resolve, reject) => {
            const leave = (error?: Error): void => {
              if (error === undefined) resolve(name);
              else reject(error);
            };
            inside.push({ name, leave });
          }),
      ),
    );
    const settled = Promise.allSettled(all);
    await turn();
    expect(inside.map(({ name }) => name)).toEqual([0, 1]);
    inside[1]?.leave(new Error('no'));
    await turn();
    expect(inside.map(({ name }) => name)).toEqual([0, 1, 2]);
    inside[0]?.leave();
    await turn();
    expect(inside.map(({ name }) => name)).toEqual([0, 1, 2, 3]);
    inside[2]?.leave();
    inside[3]?.leave();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const again = [4, 5].map(async () => turnstile.pass(turn));
    await Promise.all(again);
  });
});
