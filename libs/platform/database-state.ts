import { statfsSync } from 'node:fs';
import type { Reader } from './postgres.js';
import * as store from './database-state.store.js';

/**
 * Who can hold back vacuum. session: an open transaction in this database. prepared: one that was prepared and never ended. standby: a
 * replica with hot_standby_feedback. slot: a replication slot.
 */
export const HOLDERS = ['session', 'prepared', 'standby', 'slot'] as const;
export type Holder = (typeof HOLDERS)[number];

/** The oldest snapshot of one kind of holder. */
export interface Snapshot {
  readonly holder: Holder;
  /** For people: which session, slot or prepared transaction. Never what it does. */
  readonly name: string;
  /** Since its transaction began; 0 where PostgreSQL does not say (standbys and slots). */
  readonly seconds: number;
  /** Transactions begun since. */
  readonly transactions: number;
}

export interface DatabaseState {
  /** The oldest of each kind that there is. */
  readonly snapshots: readonly Snapshot[];
  /** False: the role sees its own sessions only (`GRANT pg_read_all_stats`). */
  readonly seesAll: boolean;
  /** Of clients, on the whole server. */
  readonly connections: number;
  /** What clients without special rights may have. */
  readonly maxConnections: number;
  /** Of this database, on disk. */
  readonly bytes: number;
  /** Left on the disk of PostgreSQL's data; undefined unless that is a folder of this machine that the role may know. */
  readonly freeBytes: number | undefined;
}

/** One look, without locks. */
export async function databaseState(reader: Reader): Promise<DatabaseState> {
  const figures = await store.selectFigures(reader);
  const folder = await store.selectLocalFolder(reader);
  return { ...figures, snapshots: await store.selectSnapshots(reader), freeBytes: freeIn(folder) };
}

function freeIn(folder: string | undefined): number | undefined {
  if (folder === undefined) return undefined;
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
