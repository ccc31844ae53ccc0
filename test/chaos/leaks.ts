import { existsSync, readdirSync } from 'node:fs';
import { timeUntil } from '../conformance/client/look.js';
import type { OwnInstallation } from '../conformance/own/installation.js';
import { connectionsOf } from './database.js';

const SETTLES_WITHIN = 20_000;
/** Pools and timers breathe; a leak under a load of hundreds of connections does not stay below this. */
const FILES_MORE = 25;
const CONNECTIONS_MORE = 15;

/** Open files (sockets among them) of each process, and PostgreSQL's connections, when nobody is connected. */
export interface Idle {
  readonly files: ReadonlyMap<string, number>;
  readonly connections: number;
}

export async function idleOf(installation: OwnInstallation): Promise<Idle> {
  const files = new Map([...installation.pids].map(([name, pid]) => [name, filesOf(pid)]));
  const { all } = await connectionsOf(installation.databaseUrl);
  return { files, connections: all };
}

/** What is held longer than it should be, once all clients have left. */
export async function leaksSince(before: Idle, installation: OwnInstallation): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await timeUntil(async () => (found = await look(before, installation)).length === 0, SETTLES_WITHIN, 500);
  return found;
}

async function look(before: Idle, installation: OwnInstallation): Promise<readonly string[]> {
  const now = await idleOf(installation);
  const { stuck } = await connectionsOf(installation.databaseUrl);
  const found = [...now.files].flatMap(([name, files]) => {
    const first = before.files.get(name) ?? 0;
    return files > first + FILES_MORE ? [`${name} holds ${files} files and sockets, ${first} at the start`] : [];
  });
  if (now.connections > before.connections + CONNECTIONS_MORE)
    found.push(`PostgreSQL has ${now.connections} connections, ${before.connections} at the start`);
  if (stuck > 0) found.push(`${stuck} connections are idle in a transaction for more than 5 s`);
  const { size } = now.files;
  if (size !== before.files.size) found.push(`${size} processes run in place of ${before.files.size}`);
  return found;
}

/** Processes that are still there after everything was stopped. */
export function survivors(pids: readonly number[]): readonly string[] {
  return pids.filter((pid) => existsSync(`/proc/${pid}`)).map((pid) => `process ${pid} is still there`);
}

function filesOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}
