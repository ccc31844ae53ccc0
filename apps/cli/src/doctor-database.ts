import { MailboxDepth, type Depth } from '../../../libs/mailbox/depth.js';
import { databaseState, type DatabaseState, type Snapshot } from '../../../libs/platform/database-state.js';
import { outboxLag } from '../../../libs/platform/outbox.js';
import type { Db, Reader } from '../../../libs/platform/postgres.js';
import { diskDiagnosis } from './doctor-disk.js';
import { bad, good, note, type Diagnosis } from './diagnosis.js';
import { serverOf, type World } from './world.js';

/** Seconds: Sotto's own transactions end within 30 s. */
const LONG_SNAPSHOT = 60;
const STUCK_SNAPSHOT = 15 * 60;
/** Transactions: for holders whose time PostgreSQL does not say. */
const FAR_BEHIND = 1_000_000;
const DEEP = 50_000;
const LATE_OUTBOX = 60;
/** Of the most frequent job, which runs every two seconds. */
const LATE_JOB = 300;
const MEGABYTE = 1024 * 1024;

/** What PostgreSQL, the mailboxes and the outbox look like now. A database without the schema has nothing to say. */
export async function stateDiagnoses(db: Db): Promise<readonly Diagnosis[]> {
  const state = await databaseState(db);
  const lag = await outboxLag(db).catch(() => undefined);
  const depth = await deepest(db).catch(() => undefined);
  return [
    snapshotDiagnosis(state),
    connectionDiagnosis(state),
    ...(state.freeBytes === undefined ? [] : [diskDiagnosis(state.freeBytes, "PostgreSQL's data")]),
    ...(depth === undefined ? [] : [depthDiagnosis(depth)]),
    ...(lag === undefined ? [] : [outboxDiagnosis(lag / 1_000)]),
  ];
}

export function snapshotDiagnosis({ snapshots, seesAll }: Pick<DatabaseState, 'snapshots' | 'seesAll'>): Diagnosis {
  const weight = ({ seconds, transactions }: Snapshot): number =>
    Math.max(seconds / STUCK_SNAPSHOT, transactions / FAR_BEHIND);
  const [oldest] = [...snapshots].sort((left, right) => weight(right) - weight(left));
  const blind = 'GRANT pg_read_all_stats TO the role of DATABASE_URL shows those of others too.';
  if (oldest === undefined) {
    const none = 'no open transaction holds back vacuum';
    return seesAll ? good('snapshot', none) : note('snapshot', `${none}, as far as this role may see`, blind);
  }
  const what = `the oldest snapshot is ${age(oldest.seconds)} old and ${String(oldest.transactions)} transactions behind: ${oldest.name}`;
  const advice = 'While it lasts nothing is cleaned up and everything becomes slower: docs/runbooks/stuck-snapshot.md';
  if (weight(oldest) >= 1) return bad('snapshot', what, advice);
  if (oldest.seconds >= LONG_SNAPSHOT) return note('snapshot', what, advice);
  return seesAll ? good('snapshot', what) : note('snapshot', `${what}, as far as this role may see`, blind);
}

export function connectionDiagnosis({
  connections,
  maxConnections,
}: Pick<DatabaseState, 'connections' | 'maxConnections'>): Diagnosis {
  const what = `${String(connections)} of ${String(maxConnections)} connections are used`;
  const advice = 'Raise max_connections, or run fewer processes: a process that gets none refuses what it is asked.';
  if (connections >= maxConnections * 0.95) return bad('connections', what, advice);
  return connections >= maxConnections * 0.8 ? note('connections', what, advice) : good('connections', what);
}

export function depthDiagnosis({ envelopes, bytes, oldest }: Depth): Diagnosis {
  if (envelopes === 0) return good('mailboxes', 'no mail waits');
  const what = `the deepest mailbox holds ${String(envelopes)} envelopes, ${(bytes / MEGABYTE).toFixed(1)} MB; the oldest is ${age(oldest / 1_000)} old`;
  return envelopes < DEEP
    ? good('mailboxes', what)
    : note('mailboxes', what, 'A device that is away, or a sender without measure: docs/runbooks/noisy-tenant.md');
}

export function outboxDiagnosis(seconds: number): Diagnosis {
  if (seconds === 0) return good('outbox', 'no news wait for a worker');
  const what = `the oldest news wait for a worker for ${age(seconds)}`;
  if (seconds < LATE_OUTBOX) return good('outbox', what);
  return bad('outbox', what, 'Look whether a worker runs, and for "an outbox row failed" in its log.');
}

/** From the figures of a server that has a worker in it; a split installation asks its workers (docs/metrics.md). */
export async function jobDiagnoses(world: World): Promise<readonly Diagnosis[]> {
  const url = `${serverOf(world, undefined)}/metrics`;
  const answer = await world.host.fetch(url, { method: 'GET', headers: {} }).catch(() => undefined);
  const text = answer === undefined ? '' : new TextDecoder().decode(answer.body);
  const last = /^sotto_job_last_success_timestamp_seconds\{job="retention"\} (\S+)$/m.exec(text)?.[1];
  return last === undefined ? [] : [jobDiagnosis(world.host.now() / 1_000 - Number(last))];
}

export function jobDiagnosis(seconds: number): Diagnosis {
  const what = `the jobs of the worker last ran ${age(Math.max(0, seconds))} ago`;
  if (seconds < LATE_JOB) return good('worker', what);
  return bad('worker', what, 'Look into its log; with Redis away no job runs: docs/runbooks/redis-gone.md');
}

async function deepest(reader: Reader): Promise<Depth> {
  const depth = new MailboxDepth(reader);
  for (;;) {
    const found = await depth.walk();
    if (found !== undefined) return found;
  }
}

function age(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 2 * 3_600) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3_600).toFixed(0)} h`;
}
