import { setTimeout as sleep } from 'node:timers/promises';
import type { Latencies, Pace } from './generator/load.js';
import type { Reading } from './generator/generator.js';
import type { Cast } from './people.js';
import type { Side, Stage } from './stage.js';

/** What happened between two readings of a running load. */
export interface Window extends Latencies {
  /** Envelopes delivered. */
  readonly perSecond: number;
  /** Seconds of processor time of all server processes, PostgreSQL and Redis included. */
  readonly cpuPerThousand: number;
  /** The same by process. */
  readonly cpuOf: Readonly<Record<string, number>>;
  /** Of one core. */
  readonly generatorShare: number;
}

export interface Playing {
  readonly cast: Cast;
  readonly pace: Pace;
  readonly warmUp: number;
  readonly seconds: number;
}

/** Requests under way when the load is closed. */
export const UNDER_WAY = 400;

/** From this share of a core on the generator, and not what it measures, may have been the limit. */
const LIMIT = 0.9;

/** One measurement: everybody connects, the load runs, a window of it is read, everything that was sent must arrive. */
export async function measure(stage: Stage, side: Side, playing: Playing): Promise<Window> {
  const { generator } = stage;
  const { cast, pace, warmUp, seconds } = playing;
  await generator.order('begin', { where: stage.where(side), cast, pace });
  const pids = stage.pids(side);
  await sleep(warmUp * 1_000);
  const before = await generator.order('reading', { pids });
  await sleep(seconds * 1_000);
  const after = await generator.order('reading', { pids });
  await complete(stage, side);
  const window = between(before, after);
  if (pace.kind === 'closed' && window.generatorShare > LIMIT)
    console.error(
      `  the generator was busy ${(100 * window.generatorShare).toFixed(0)} % of the time on the side ${side}: it may be the limit`,
    );
  return window;
}

/** Ends the load; a benchmark that loses or refuses mail has measured nothing. */
export async function complete(stage: Stage, side: Side, how: { readonly stay?: boolean } = {}): Promise<void> {
  const { accepted, refused, refusal, lost } = await stage.generator.order('end', how);
  if (refused > 0 || lost > 0 || accepted === 0)
    throw new Error(
      `${side}: ${String(accepted)} accepted, ${String(refused)} refused (${refusal ?? ''}), ${String(lost)} envelopes lost`,
    );
}

export function between(before: Reading, after: Reading): Window {
  const seconds = (after.at - before.at) / 1_000;
  const delivered = after.delivered - before.delivered;
  const cpuOf = Object.fromEntries(
    Object.entries(after.serverCpu).map(([name, cpu]) => [
      name,
      (1_000 * (cpu - (before.serverCpu[name] ?? 0))) / delivered,
    ]),
  );
  return {
    ...after.latencies,
    perSecond: delivered / seconds,
    cpuPerThousand: Object.values(cpuOf).reduce((sum, cpu) => sum + cpu, 0),
    cpuOf,
    generatorShare: (after.ownCpu - before.ownCpu) / seconds,
  };
}
