import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { folderAbove } from '../../libs/serving/project-folder.js';
import type { Place } from './installation.js';

const MAIN = join(folderAbove(import.meta.dirname, 'package.json'), '../dist/apps/cli/src/main.js');

export interface Ran {
  readonly exit: number | null;
  readonly said: string;
  readonly complained: string;
}

/** `sotto …` beside the database of an installation, as a process of its own. */
export class Running {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
  private said = '';
  private complained = '';

  constructor(place: Place, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        DATABASE_URL: place.databaseUrl,
        SOTTO_MASTER_KEY_FILE: place.masterKeyFile,
        SOTTO_SERVER: place.api,
        SOTTO_ADMIN_TOKEN: place.adminToken,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
    this.child.stderr?.on('data', (data: Buffer) => (this.complained += data.toString()));
    this.done = new Promise((resolve) => {
      this.child.once('close', (exit) => resolve({ exit, said: this.said, complained: this.complained }));
    });
  }
}

export async function sotto(
  place: Place,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Running(place, args, env).done;
}
