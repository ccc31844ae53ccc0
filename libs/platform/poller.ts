import type { Logger } from './log.js';

/** Looks again and again, each time a while after the look before has ended. Failures are told once, until a look succeeds. */
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private running = false;
  private failing = false;

  constructor(
    private readonly look: () => Promise<unknown>,
    private readonly how: {
      /** Milliseconds. */
      readonly every: number;
      readonly log: Logger;
      /** What is told when a look fails. */
      readonly failing: string;
    },
  ) {}

  start(): void {
    this.running = true;
    this.later();
  }

  /** Resolves when the look that is under way has ended. */
  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.looking;
  }

  private later(): void {
    this.timer = setTimeout(() => {
      this.looking = this.once().then(() => {
        if (this.running) this.later();
      });
    }, this.how.every).unref();
  }

  private async once(): Promise<void> {
    try {
      await this.look();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.how.log.warn({ err: error }, this.how.failing);
      this.failing = true;
    }
  }
}
