import { describe, expect, it } from '@jest/globals';
import { Batcher } from './batcher.js';

/** Work that ends when the test says so. */
function held(most = 3) {
  const batches: { readonly items: readonly number[]; readonly end: (error?: Error) => void }[] = [];
  const batcher = new Batcher<number, string>(
    async (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => {
          if (error === undefined) resolve(items.map((item) => `done ${String(item)}`));
          else reject(error);
        };
        batches.push({ items, end });
      }),
    { most },
  );
  const begun = async (count: number): Promise<void> => {
    while (batches.length < count) await turn();
  };
  return { batches, batcher, begun };
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Batcher', () => {
  it('runs what comes in one turn together, and gathers what comes during the work', async () => {
    const { batches, batcher, begun } = held();
    const first = [batcher.add(1), batcher.add(2)];
    await turn();
    const second = [batcher.add(3), batcher.add(4)];
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
    batches[0]?.end();
    expect(await Promise.all(first)).toEqual(['done 1', 'done 2']);
    await begun(2);
    expect(batches.map(({ items }) => items)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    batches[1]?.end();
    expect(await Promise.all(second)).toEqual(['done 3', 'done 4']);
  });

  it('waits for the rest of the turn, also behind promises that are settled: after each socket that was read all of them run', async () => {
    const { batches, batcher } = held();
    const first = batcher.add(1);
    for (let count = 0; count < 10; count += 1) await Promise.resolve();
    const second = batcher.add(2);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
    batches[0]?.end();
    expect(await Promise.all([first, second])).toEqual(['done 1', 'done 2']);
  });

  it('takes no more than its bound at once, in order', async () => {
    const { batches, batcher, begun } = held(2);
    const all = [1, 2, 3, 4, 5].map(async (item) => batcher.add(item));
    for (let at = 0; at < 3; at += 1) {
      await begun(at + 1);
      batches[at]?.end();
    }
    await Promise.all(all);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('rejects the members of a batch that throws, and those only', async () => {
    const { batches, batcher, begun } = held(1);
    const [bad, good] = [batcher.add(1), batcher.add(2)];
    await begun(1);
    batches[0]?.end(new Error('no'));
    await expect(bad).rejects.toThrow('no');
    await begun(2);
    batches[1]?.end();
    expect(await good).toBe('done 2');
    const later = batcher.add(3);
    await begun(3);
    batches[2]?.end();
    expect(await later).toBe('done 3');
  });
});
