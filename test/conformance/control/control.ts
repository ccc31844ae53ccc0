import { execFile } from 'node:child_process';
import { NotRun } from '../clause.js';

/** One process of the installation. */
export interface Process {
  readonly name: string;
  readonly role: 'server' | 'api' | 'gateway' | 'worker' | 'postgres' | 'redis';
  /** Of a gateway or server: where its streams are. */
  readonly ws: string | undefined;
}

/**
 * Control over the processes of an installation, one verb at a time:
 *
 * | Verb | Does, and is done when the command ends |
 * | --- | --- |
 * | `processes` | prints a line each: name, role (server, api, gateway, worker, postgres, redis), and for server and gateway the WebSocket address |
 * | `kill NAME` | SIGKILL; it is gone |
 * | `term NAME` | SIGTERM; does not wait for the end |
 * | `pause NAME`, `resume NAME` | SIGSTOP, SIGCONT |
 * | `start NAME` | starts it when it is not running (after `term`: once it has ended), at the same address; it is ready (`/readyz`) |
 * | `hold NAME`, `release NAME`, `drop` | from now on what NAME says to Redis waits, and goes on; or what has waited is lost |
 * | `fill`, `drain` | fills the disk of PostgreSQL, makes room again |
 * | `migrate` | applies a synthetic migration of the next release |
 * | `backup`, `restore` | a physical backup of PostgreSQL; everything stopped, put back as it was then, started |
 * | `logs FOLDER` | writes all logs (PostgreSQL's own too), all metrics and a dump of Redis into the folder, one file each |
 *
 * A verb that cannot be done ends with status 3 and the reason on stdout: what needs it is `not run`.
 */
export interface Control {
  processes(): Promise<readonly Process[]>;
  act(verb: Verb, name?: string): Promise<void>;
}

export const VERBS = [
  'kill',
  'term',
  'pause',
  'resume',
  'start',
  'hold',
  'release',
  'drop',
  'fill',
  'drain',
  'migrate',
  'backup',
  'restore',
  'logs',
] as const;
export type Verb = (typeof VERBS)[number];

const CANNOT = 3;
const PATIENCE = 120_000;

/** `--control <command>`: an executable, called with the verb and a name. */
export function commandControl(command: string): Control {
  return {
    processes: async () => (await call(command, ['processes'])).split('\n').flatMap(processOf),
    act: async (verb, name) => {
      await call(command, name === undefined ? [verb] : [verb, name]);
    },
  };
}

async function call(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: PATIENCE, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === CANNOT) reject(new NotRun(`${args.join(' ')}: ${stdout.trim()}`));
      else reject(new Error(`${command} ${args.join(' ')}: ${error.message} ${stderr}`));
    });
  });
}

function processOf(line: string): readonly Process[] {
  const [name, role, ws] = line.trim().split(/\s+/);
  return name === undefined || role === undefined ? [] : [{ name, role: role as Process['role'], ws }];
}

/** The one with this role; the one server stands for every role of Sotto. */
export function named(processes: readonly Process[], role: Process['role']): string {
  const exact = processes.find((process) => process.role === role);
  const found =
    exact ?? (role === 'postgres' || role === 'redis' ? undefined : processes.find((one) => one.role === 'server'));
  if (found === undefined) throw new NotRun(`this installation has no ${role}`);
  return found.name;
}

/** The process behind the gateway with this address. */
export function behind(processes: readonly Process[], ws: string): string {
  const found = processes.find((process) => process.ws === ws) ?? processes.find(({ role }) => role === 'server');
  if (found === undefined) throw new NotRun(`the control command names no process at ${ws}`);
  return found.name;
}

/** Everything that is Sotto's, and not a store. */
export function own(processes: readonly Process[]): readonly string[] {
  return processes.filter(({ role }) => role !== 'postgres' && role !== 'redis').map(({ name }) => name);
}
