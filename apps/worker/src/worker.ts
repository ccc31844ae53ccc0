import { Jobs, type JobsStore } from '../../../libs/platform/jobs.js';
import type { Logger } from '../../../libs/platform/log.js';
import { Outbox } from '../../../libs/platform/outbox.js';
import { Poller } from '../../../libs/platform/poller.js';
import { keepKeyPartitions, outboxHandlers, scheduledJobs, watched, type JobParts } from './jobs.js';

const OUTBOX_EVERY = 500;

/** Drains the outbox twice a second and runs the scheduled jobs; any number of workers may. */
export class WorkerLoop {
  private readonly outbox: Poller;
  private readonly jobs: Jobs;

  constructor(
    private readonly parts: JobParts,
    store: JobsStore,
    log: Logger,
  ) {
    const outbox = new Outbox(parts.db, outboxHandlers(parts), parts.clock, log);
    const failing = 'the outbox cannot be read; trying again';
    this.outbox = new Poller(async () => outbox.drain(), { every: OUTBOX_EVERY, log, failing });
    this.jobs = new Jobs(store, watched(scheduledJobs(parts), parts), log);
  }

  async start(): Promise<void> {
    await keepKeyPartitions(this.parts);
    await this.jobs.start();
    this.outbox.start();
  }

  async stop(): Promise<void> {
    await this.outbox.stop();
    await this.jobs.stop();
  }
}
