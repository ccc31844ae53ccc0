/** Lets at most `most` pieces of work through at once, in order of arrival. */
export class Turnstile {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside >= this.most) await new Promise<void>((enter) => this.queue.push(enter));
    else this.inside += 1;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
