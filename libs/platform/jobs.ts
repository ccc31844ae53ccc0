import { createPostgresBackend, Queue, Worker, type ConnectionOptions } from 'bullmq';
import type { Logger } from './log.js';

/** A scheduled piece of work; safe to run twice, and on several workers at once. */
export interface Job {
  /** Milliseconds. */
  readonly every: number;
  readonly run: () => Promise<unknown>;
}

export interface JobsStore {
  readonly postgresUrl: string;
  /** With it the queue lies in Redis, else in the schema `jobs` of PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** Of the queue's keys in Redis. */
  readonly namespace: string;
}

const QUEUE = 'sotto';

/** BullMQ over a table of jobs: each name runs on its schedule on one of the workers. */
export class Jobs {
  private queue: Queue | undefined;
  private worker: Worker | undefined;
  private keeper: NodeJS.Timeout | undefined;
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly store: JobsStore,
    private readonly table: Readonly<Record<string, Job>>,
    private readonly log: Logger,
    /** Milliseconds after which a lost schedule is noticed. */
    private readonly keepEvery = 10_000,
  ) {}

  async start(): Promise<void> {
    const { queue, worker } = this.open();
    this.queue = queue;
    this.worker = worker;
    const trouble = (error: Error): void => {
      this.log.warn({ err: error }, 'the job queue cannot be reached; trying again');
    };
    queue.on('error', trouble);
    worker.on('error', trouble);
    worker.on('failed', (job, error) => {
      this.log.error({ err: error, job: job?.name }, 'a job failed');
    });
    await this.schedule(queue, Object.keys(this.table));
    this.keeper = setInterval(() => void this.keepSchedule(queue).catch(trouble), this.keepEvery).unref();
    for (const stale of await queue.getJobSchedulers())
      if (!(stale.key in this.table)) await queue.removeJobScheduler(stale.key);
  }

  /**
   * Without waiting for Redis: BullMQ waits for ever for a connection that is just being made again. Work under way is waited for; should
   * its end not be recorded, it runs once more.
   */
  async stop(): Promise<void> {
    clearInterval(this.keeper);
    const overRedis = this.store.redisUrl !== undefined;
    await this.worker?.close(overRedis);
    if (overRedis) void this.queue?.disconnect().catch(() => undefined);
    else await this.queue?.close();
    await Promise.allSettled(this.running);
  }

  /** A Redis without persistence comes back empty, and with the schedule all jobs would be gone until a worker is started. */
  private async keepSchedule(queue: Queue): Promise<void> {
    const known = new Set((await queue.getJobSchedulers()).map(({ key }) => key));
    await this.schedule(
      queue,
      Object.keys(this.table).filter((name) => !known.has(name)),
    );
  }

  private async schedule(queue: Queue, names: readonly string[]): Promise<void> {
    const opts = { removeOnComplete: 10, removeOnFail: 100 };
    for (const name of names) {
      const every = this.table[name]?.every;
      if (every !== undefined) await queue.upsertJobScheduler(name, { every }, { name, opts });
    }
  }

  private open(): { readonly queue: Queue; readonly worker: Worker } {
    const work = async ({ name }: { readonly name: string }): Promise<void> => {
      const run = this.table[name]?.run();
      if (run === undefined) return;
      this.running.add(run);
      await run.finally(() => this.running.delete(run));
    };
    const { postgresUrl, redisUrl, namespace: prefix } = this.store;
    if (redisUrl !== undefined) {
      const url = new URL(redisUrl);
      const connection: ConnectionOptions = {
        host: url.hostname,
        port: Number(url.port || 6379),
        db: Number(url.pathname.slice(1) || 0),
        maxRetriesPerRequest: null,
        ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
        ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
        ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
      };
      return {
        queue: new Queue(QUEUE, { connection, prefix }),
        worker: new Worker(QUEUE, work, { connection, prefix }),
      };
    }
    const connection = { connectionString: postgresUrl, schema: 'jobs', migrate: true } as unknown as ConnectionOptions;
    return {
      queue: new Queue(QUEUE, { connection }, createPostgresBackend as never),
      worker: new Worker(QUEUE, work, { connection }, createPostgresBackend as never),
    };
  }
}
