import { describe, expect, it } from '@jest/globals';
import { Turns, type Judgement } from './turns.js';

interface Request {
  readonly tenant: string;
  readonly no: number;
  readonly size: number;
}

function turns(...requests: readonly (readonly [tenant: string, size: number])[]): Turns<Request> {
  const made = new Turns<Request>(({ size }) => size);
  requests.forEach(([tenant, size], no) => {
    made.add(tenant, { tenant, no, size });
  });
  return made;
}

/** A batch of at most so many envelopes. */
function batch(of: Turns<Request>, most: number): readonly Request[] {
  let sum = 0;
  return of.take(({ size }): Judgement => {
    if (sum > 0 && sum + size > most) return 'full';
    sum += size;
    return 'taken';
  });
}

describe('Turns', () => {
  it('gives a tenant with one request its place in the next batch, however many another has waiting', () => {
    const flood = Array.from({ length: 5_000 }, () => ['flood', 3] as const);
    const waiting = turns(...flood, ['quiet', 3]);
    const first = batch(waiting, 200);
    expect(first.some(({ tenant }) => tenant === 'quiet')).toBe(true);
    expect(first.length).toBeGreaterThan(60);
  });

  it('shares by envelopes, not by requests, over the batches of a saturated node', () => {
    const waiting = turns(
      ...Array.from({ length: 300 }, () => ['large', 60] as const),
      ...Array.from({ length: 3_000 }, () => ['small', 2] as const),
    );
    const sums = { large: 0, small: 0 };
    for (let round = 0; round < 20; round += 1)
      for (const { tenant, size } of batch(waiting, 200)) sums[tenant as keyof typeof sums] += size;
    expect(sums.large / sums.small).toBeGreaterThan(0.7);
    expect(sums.large / sums.small).toBeLessThan(1.4);
  });

  it('keeps the order within a tenant, and loses and repeats nothing', () => {
    const waiting = turns(...Array.from({ length: 1_000 }, (_, at) => [`t${String(at % 7)}`, (at % 30) + 1] as const));
    const taken: Request[] = [];
    while (waiting.size > 0) taken.push(...batch(waiting, 100));
    expect(taken).toHaveLength(1_000);
    for (let tenant = 0; tenant < 7; tenant += 1) {
      const order = taken.filter((each) => each.tenant === `t${String(tenant)}`).map(({ no }) => no);
      expect(order).toEqual(order.toSorted((left, right) => left - right));
    }
  });

  it('lets a tenant rest whose first cannot be taken now, and goes on with the others', () => {
    const waiting = turns(['a', 1], ['a', 1], ['b', 1], ['b', 1]);
    const taken = waiting.take(({ no }) => (no === 1 ? 'not-now' : 'taken'));
    expect(taken.map(({ no }) => no)).toEqual([0, 2, 3]);
    expect(waiting.size).toBe(1);
    expect(waiting.take(() => 'taken').map(({ no }) => no)).toEqual([1]);
    expect(waiting.take(() => 'taken')).toEqual([]);
  });

  it('takes out what leaves, in order', () => {
    const waiting = turns(['a', 1], ['a', 2], ['b', 2], ['a', 2]);
    expect(waiting.remove(({ size }) => size === 2).map(({ no }) => no)).toEqual([1, 3, 2]);
    expect(waiting.size).toBe(1);
    expect(batch(waiting, 10).map(({ no }) => no)).toEqual([0]);
  });

  it('puts back before everything else of the tenant, also where nothing waits any more', () => {
    const waiting = turns(['a', 1], ['a', 1], ['b', 1]);
    const [first, second] = batch(waiting, 2);
    for (const each of [second!, first!]) waiting.putBack(each.tenant, each);
    expect(waiting.size).toBe(3);
    const taken = batch(waiting, 10);
    expect(taken.filter(({ tenant }) => tenant === 'a').map(({ no }) => no)).toEqual([0, 1]);
    expect(taken).toHaveLength(3);
  });
});
