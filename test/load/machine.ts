import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Process ids by name. */
export type Pids = Readonly<Record<string, number>>;

/** Linux counts processor time in ticks of a hundredth of a second (USER_HZ). */
const TICKS_A_SECOND = 100;

/**
 * Seconds of processor time of each of these processes, and of its children, living ones and those that have ended: PostgreSQL's backends come and
 * go. Differences of two readings are what counts.
 */
export function cpuSeconds(pids: Pids): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)]));
}

function cpuOf(pid: number): number {
  const stat = readOrNothing(`/proc/${String(pid)}/stat`);
  // The name in brackets may hold blanks; user, system and those of ended children are the fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0) / TICKS_A_SECOND;
  const children = readOrNothing(`/proc/${String(pid)}/task/${String(pid)}/children`).split(' ');
  return children.reduce((sum, child) => (child.trim() === '' ? sum : sum + cpuOf(Number(child))), own);
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readOrNothing(`/proc/${String(pid)}/status`))?.[1] ?? 0) * 1024;
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Milliseconds that one fdatasync of 8 KiB takes on the disk of `folder`, `count` of them, so many a second. */
export async function fdatasyncs(
  folder: string,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<readonly number[]> {
  const place = mkdtempSync(join(folder, 'fdatasync-'));
  const file = await open(join(place, 'file'), 'w');
  try {
    const block = Buffer.alloc(8_192, 1);
    const times: number[] = [];
    const begun = performance.now();
    while (times.length < count) {
      await file.write(block);
      const start = performance.now();
      await file.datasync();
      times.push(performance.now() - start);
      await sleep(Math.max(0, begun + (1_000 * times.length) / perSecond - performance.now()));
    }
    return times;
  } finally {
    await file.close();
    rmSync(place, { recursive: true });
  }
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
}
