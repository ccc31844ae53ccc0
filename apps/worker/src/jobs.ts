import { pruneControl } from '../../../libs/auth/control.js';
import { pruneSigningKeys } from '../../../libs/auth/key-rotation.js';
import type { Guards } from '../../../libs/mailbox/guards.js';
import type { Mailbox } from '../../../libs/mailbox/mailbox.js';
import type { Prekeys } from '../../../libs/keys/prekeys.js';
import type { IdleDevices } from '../../../libs/devices/idle.js';
import type { PendingDevices } from '../../../libs/devices/pending.js';
import { SWEEP_EVERY, type Retention } from '../../../libs/messaging/retention.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Statistics } from './statistics.js';
import { appendOutbox } from '../../../libs/platform/outbox.js';
import type { Job } from '../../../libs/platform/jobs.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { Logger } from '../../../libs/platform/log.js';
import type { Metrics } from '../../../libs/platform/metrics.js';
import type { DeviceId, ListVersion } from '../../../libs/protocol/ids.js';
import type { Doorbell, Ring } from '../../../libs/realtime/doorbell.js';

export interface JobParts {
  readonly db: Db;
  readonly guards: Guards;
  readonly mailbox: Mailbox;
  readonly prekeys: Prekeys;
  readonly pending: PendingDevices;
  readonly idle: IdleDevices;
  readonly retention: Retention;
  readonly statistics: Statistics;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly events: JobEvents;
}

/** One function for what happens to jobs; what is counted and logged stands here. */
export class JobEvents {
  private readonly postponed;
  private readonly runs;
  private readonly lastSuccess;

  constructor(
    metrics: Metrics,
    private readonly log: Logger,
  ) {
    this.postponed = metrics.counter({
      name: 'jobs_postponed_total',
      help: 'Runs of a job that made room for others and left the work to the next run',
      labelNames: ['job'],
    });
    this.runs = metrics.counter({
      name: 'job_runs_total',
      help: 'Runs of scheduled jobs on this worker, by outcome (done, failed)',
      labelNames: ['job', 'outcome'],
    });
    this.lastSuccess = metrics.gauge({
      name: 'job_last_success_timestamp_seconds',
      help: 'When a job last ended well on this worker, seconds since the epoch; take the highest of all workers',
      labelNames: ['job'],
    });
  }

  ran(job: string, outcome: 'done' | 'failed', at: number): void {
    this.runs.inc({ job, outcome });
    if (outcome === 'done') this.lastSuccess.set({ job }, at / 1_000);
  }

  /** Nothing is wrong: a dump or a long query stood in the way. */
  gaveWay(job: string): void {
    this.postponed.inc({ job });
    this.log.debug({ job }, 'a job gave way to somebody else and runs again later');
  }
}

const PURGE_AT_ONCE = 2_000;

/** What happens for each kind of outbox row; each is safe to run twice. */
export function outboxHandlers(parts: JobParts): Record<string, (payload: never) => Promise<void>> {
  return {
    'devices-changed': async ({ accountNo, listVersion }: { accountNo: number; listVersion: ListVersion }) => {
      for (const { mailboxNo, node } of await parts.guards.placesOf(parts.db, accountNo))
        ringIfHeld(parts.doorbell, node, { kind: 'devices-changed', mailbox: mailboxNo, listVersion });
    },
    'prekeys-low': async ({ deviceId }: { deviceId: DeviceId }) => {
      const place = await parts.guards.placeOf(parts.db, deviceId);
      if (place === undefined) return;
      const stock = await parts.prekeys.stock(parts.db, deviceId);
      if (stock.low) ringIfHeld(parts.doorbell, place.node, { kind: 'prekeys-low', mailbox: place.mailboxNo, stock });
    },
    'purge-mailboxes': async ({ deviceIds }: { deviceIds: readonly DeviceId[] }) => {
      // The rest comes again behind the other news, which must not wait for a large mailbox.
      if ((await parts.mailbox.purgeClosed(deviceIds, PURGE_AT_ONCE)) === PURGE_AT_ONCE)
        await parts.db.transact(async (tx) => appendOutbox(tx, { kind: 'purge-mailboxes', payload: { deviceIds } }));
    },
  };
}

/** The one table of scheduled jobs: name, how often (milliseconds), what. Each is safe on several workers at once. */
export function scheduledJobs(parts: JobParts): Record<string, Job> {
  return {
    'key-partitions': {
      every: 10 * 60 * 1000,
      run: async () => keepKeyPartitions(parts),
    },
    control: {
      every: 60 * 1000,
      run: async () => pruneControl(parts.db, parts.clock.now()),
    },
    'signing-keys': { every: 60 * 1000, run: async () => pruneSigningKeys(parts.db, parts.clock.now()) },
    'idle-devices': { every: 6 * 60 * 60 * 1000, run: async () => parts.idle.sweep() },
    retention: { every: SWEEP_EVERY, run: async () => parts.retention.sweep() },
    statistics: { every: 20_000, run: async () => parts.statistics.walk() },
    'pending-devices': { every: 60 * 1000, run: async () => parts.pending.expire(parts.clock.now()) },
  };
}

/** The same table; how each run ended is told. */
export function watched(jobs: Readonly<Record<string, Job>>, { events, clock }: JobParts): Record<string, Job> {
  const watch = (name: string, { every, run }: Job): Job => ({
    every,
    run: async () => {
      try {
        await run();
        events.ran(name, 'done', clock.now());
      } catch (error) {
        events.ran(name, 'failed', clock.now());
        throw error;
      }
    },
  });
  return Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, watch(name, job)]));
}

/** They reach a day ahead, so a run may give way many times before anybody misses one. */
export async function keepKeyPartitions({ mailbox, clock, events }: JobParts): Promise<void> {
  if ((await mailbox.keepKeyPartitions(clock.now())) === 'busy') events.gaveWay('key-partitions');
}

function ringIfHeld(doorbell: Doorbell, node: number | null, ring: Ring): void {
  if (node !== null) doorbell.ring(node, [ring]);
}
