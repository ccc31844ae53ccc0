import { Jobs, type JobsStore } from '../../../libs/platform/jobs.js';
import type { Logger } from '../../../libs/platform/log.js';
import { Outbox } from '../../../libs/platform/outbox.js';
import { keepKeyPartitions, outboxHandlers, scheduledJobs, watched, type JobParts } from './jobs.js';

const OUTBOX_EVERY = 500;

/** Drains the outbox twice a second and runs the scheduled jobs; any number of workers may. */
export class WorkerLoop {
  private timer: NodeJS.Timeout | undefined;
  private draining: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private readonly outbox: Outbox;
  private readonly jobs: Jobs;

  constructor(
    private readonly parts: JobParts,
    store: JobsStore,
    private readonly log: Logger,
  ) {
    this.outbox = new Outbox(parts.db, outboxHandlers(parts), parts.clock, log);
    this.jobs = new Jobs(store, watched(scheduledJobs(parts), parts), log);
  }

  async start(): Promise<void> {
    await keepKeyPartitions(this.parts);
    await this.jobs.start();
    this.drainLater();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.draining;
    await this.jobs.stop();
  }

  private drainLater(): void {
    this.timer = setTimeout(() => {
      this.draining = this.outbox
        .drain()
        .catch((error: unknown) => {
          this.log.warn({ err: error }, 'the outbox cannot be read; trying again');
        })
        .then(() => {
          if (!this.stopped) this.drainLater();
        });
    }, OUTBOX_EVERY);
  }
}
