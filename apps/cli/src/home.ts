import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeSecretFile } from '../../../libs/platform/secrets.js';
import { folderAbove } from '../../../libs/serving/project-folder.js';

/** The files of an installation on this machine: `.sotto/` in the project folder, or where SOTTO_HOME says. All for the owner alone. */
export interface Home {
  readonly folder: string;
  readonly postgres: string;
  readonly masterKey: string;
  readonly adminToken: string;
  /** JSON lines of the server that `sotto up` started. */
  readonly serverLog: string;
  /** Where the running server is. */
  readonly server: string;
  /** The people whose devices live on this machine. */
  readonly people: string;
}

export function homeAt(folder: string): Home {
  return {
    folder,
    postgres: join(folder, 'postgres'),
    masterKey: join(folder, 'master-key'),
    adminToken: join(folder, 'admin-token'),
    serverLog: join(folder, 'server.log'),
    server: join(folder, 'server.json'),
    people: join(folder, 'people.json'),
  };
}

/** PostgreSQL does not run as root: root's `.sotto` can be walked through by it, though not listed. */
export function makeHome(home: Home): void {
  mkdirSync(home.folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}

export function projectFolder(): string {
  return join(folderAbove(import.meta.dirname, 'package.json'), '..');
}

export function migrationsFolder(): string {
  return join(projectFolder(), 'prisma', 'migrations');
}

export function version(): string {
  const text = readFileSync(join(projectFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const RunningServer = z.object({ url: z.url(), pid: z.int() });
export type RunningServer = z.infer<typeof RunningServer>;

/** What the last `sotto up` wrote; whether that process still lives is for the caller to see. */
export function readRunningServer(home: Home): RunningServer | undefined {
  try {
    return RunningServer.parse(JSON.parse(readFileSync(home.server, 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeRunningServer(home: Home, server: RunningServer): void {
  writeSecretFile(home.server, JSON.stringify(server));
}

export function forgetRunningServer(home: Home): void {
  rmSync(home.server, { force: true });
}
