/** Weight that a tenant may add before it is the next one's turn; of a send, its envelopes. */
export const QUANTUM = 16;

export type Judgement = 'taken' | 'not-now' | 'full';

interface Queue<Item> {
  readonly items: Item[];
  credit: number;
}

/**
 * What waits, first come first served within a tenant, and tenants in turn by deficit round robin (Shreedhar and Varghese, 1995): each
 * gets the same number of envelopes, whatever the size of its requests and however many wait.
 */
export class Turns<Item> {
  private readonly queues = new Map<string, Queue<Item>>();
  private count = 0;

  constructor(private readonly weigh: (item: Item) => number) {}

  get size(): number {
    return this.count;
  }

  add(tenant: string, item: Item): void {
    const queue = this.queues.get(tenant);
    if (queue === undefined) this.queues.set(tenant, { items: [item], credit: 0 });
    else queue.items.push(item);
    this.count += 1;
  }

  /** Before all of its tenant that wait: it was taken, and is not done. */
  putBack(tenant: string, item: Item): void {
    const queue = this.queues.get(tenant);
    if (queue === undefined) this.queues.set(tenant, { items: [item], credit: 0 });
    else queue.items.unshift(item);
    this.count += 1;
  }

  /** In the order of turns. `judge` says of the first of a tenant: taken; not now, nor what waits behind it; or that nothing more is. */
  take(judge: (item: Item) => Judgement): readonly Item[] {
    const taken: Item[] = [];
    const resting = new Set<string>();
    while (this.queues.size > resting.size)
      for (const [tenant, queue] of [...this.queues]) {
        if (resting.has(tenant)) continue;
        const end = this.serve(queue, taken, judge);
        if (end === 'full') return taken;
        if (end === 'not-now') resting.add(tenant);
        else {
          this.queues.delete(tenant);
          if (queue.items.length > 0) this.queues.set(tenant, queue);
        }
      }
    return taken;
  }

  /** Takes out all that fit, of every tenant, in their order. */
  remove(fits: (item: Item) => boolean): readonly Item[] {
    const removed: Item[] = [];
    for (const [tenant, queue] of this.queues) {
      const leaving = queue.items.filter(fits);
      if (leaving.length === 0) continue;
      const staying = queue.items.filter((item) => !leaving.includes(item));
      removed.push(...leaving);
      queue.items.splice(0, queue.items.length, ...staying);
      if (staying.length === 0) this.queues.delete(tenant);
    }
    this.count -= removed.length;
    return removed;
  }

  private serve(queue: Queue<Item>, taken: Item[], judge: (item: Item) => Judgement): Judgement {
    queue.credit += QUANTUM;
    for (let [first] = queue.items; first !== undefined; [first] = queue.items) {
      const weight = this.weigh(first);
      if (weight > queue.credit) return 'taken';
      const judgement = judge(first);
      if (judgement !== 'taken') {
        queue.credit = Math.min(queue.credit, weight);
        return judgement;
      }
      queue.credit -= weight;
      queue.items.shift();
      this.count -= 1;
      taken.push(first);
    }
    return 'taken';
  }
}
