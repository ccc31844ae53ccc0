import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFlags } from '../../../libs/platform/node-flags.js';
import type { Host } from '../../../libs/sdk/host.js';
import { projectFolder } from './home.js';
import { Trouble } from './trouble.js';

export interface ServerOptions {
  readonly host: Host;
  /** Where it will answer. */
  readonly url: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Modules loaded before it. */
  readonly preload?: readonly string[];
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 35_000;
const LOOK_EVERY_MS = 40;
const KEPT_WORDS = 4_000;

/**
 * One server process. It has a process group of its own, so that Ctrl-C reaches it only through `stop`, in order; it follows this process
 * into death. Standard output (JSON lines) goes to the log file, standard error too, and is kept for the message when it does not start.
 */
export class ServerProcess {
  private lastWords = '';
  readonly exited: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ServerOptions,
    logFd: number,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => {
      writeSync(logFd, chunk);
      this.lastWords = (this.lastWords + chunk.toString()).slice(-KEPT_WORDS);
    });
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.lastWords += error.message;
      });
      child.once('close', (code, signal) => {
        closeSync(logFd);
        resolve(signal ?? `exit code ${String(code)}`);
      });
    });
  }

  /** Resolves when it is ready; a Trouble with its own words when it does not get there. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const main = join(projectFolder(), 'dist', 'apps', 'server', 'src', 'main.js');
    const preload = [new URL('./follow-parent.js', import.meta.url).href, ...(options.preload ?? [])];
    mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
    const logFd = openSync(options.logFile, 'a', 0o600);
    const child = spawn(
      process.execPath,
      [...nodeFlags('server'), ...preload.flatMap((module) => ['--import', module]), main],
      {
        cwd: projectFolder(),
        env: { ...options.env },
        stdio: ['ignore', logFd, 'pipe', 'ipc'],
        detached: true,
      },
    );
    const server = new ServerProcess(child, options, logFd);
    await server.untilReady();
    return server;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** To the modules that were loaded before it. */
  tell(message: string): void {
    this.child.send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.child.on('message', listener);
  }

  /** SIGTERM, so that it drains; resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.child.kill('SIGTERM');
    const ended = new AbortController();
    const late = delay(STOP_WITHIN_MS, 'late', { signal: ended.signal }).catch(() => 'ended');
    if ((await Promise.race([this.exited, late])) === 'late') this.child.kill('SIGKILL');
    ended.abort();
    await this.exited;
  }

  /** `kill -9`: it gets no chance to do anything. */
  async kill(): Promise<void> {
    if (this.running) this.child.kill('SIGKILL');
    await this.exited;
  }

  private async untilReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    let fault = 'It does not answer.';
    while (this.running) {
      const readiness = await lookAt(this.options.host, this.options.url);
      if (readiness === 'ready') return;
      fault = readiness;
      if (performance.now() > deadline) {
        await this.kill();
        throw new Trouble(`The server did not become ready. ${fault}`, this.advice());
      }
      await delay(LOOK_EVERY_MS);
    }
    await this.exited;
    throw new Trouble(`The server did not start. ${this.lastWords.trim()}`.trim(), this.advice());
  }

  private advice(): string {
    return `Its log lies in ${this.options.logFile}; \`./sotto doctor\` looks further.`;
  }
}

/** `ready`, or what is not. */
async function lookAt(host: Host, url: string): Promise<string> {
  try {
    const { status, body } = await host.fetch(`${url}/readyz`, { method: 'GET', headers: {} });
    return status === 200 ? 'ready' : new TextDecoder().decode(body);
  } catch {
    return 'It does not answer.';
  }
}
