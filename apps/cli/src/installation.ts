import { createServer } from 'node:net';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../libs/platform/embedded-postgres.js';
import { startThrowAwayPostgres } from '../../../libs/platform/throw-away-postgres.js';
import { claim, freePort, release } from '../../../libs/platform/local-process.js';
import { migrate } from '../../../libs/platform/migrate.js';
import type { Host } from '../../../libs/sdk/host.js';
import { makeHome, migrationsFolder, type Home } from './home.js';
import type { Output } from './output.js';
import { ServerProcess } from './server-process.js';
import { Trouble } from './trouble.js';

export interface InstallationOptions {
  readonly home: Home;
  readonly host: Host;
  readonly out: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Port of the server; 0: a free one. */
  readonly port: number;
  readonly bind: string;
  /** `aud` of token assertions; the address when left out. Stays the same when the address changes. */
  readonly issuer?: string | undefined;
  /** Modules loaded into the server before it starts. */
  readonly preload?: readonly string[];
  /** The data is gone when it stops. */
  readonly throwAway?: boolean;
  /** Between the migration and the start of the server. */
  readonly prepare?: (databaseUrl: string, url: string) => Promise<void>;
}

/**
 * PostgreSQL (the embedded one unless DATABASE_URL is set) and one server process on top of it. Starts in this order, stops in the other;
 * what was started is stopped again when a later step fails. One at a time on a home.
 */
export class Installation {
  private starting: Promise<ServerProcess> | undefined;
  private stopping = false;

  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    private readonly postgres: EmbeddedPostgres | undefined,
    private readonly options: InstallationOptions,
    private process: ServerProcess,
  ) {}

  static async start(options: InstallationOptions): Promise<Installation> {
    const { home, out } = options;
    makeHome(home);
    const claimed = claim(home.server);
    if (claimed.kind === 'taken') {
      throw new Trouble(
        `Sotto runs already (process ${String(claimed.pid)}).`,
        `Chat with \`./sotto chat alice\`, or stop it: kill ${String(claimed.pid)}`,
      );
    }
    let postgres: EmbeddedPostgres | undefined;
    try {
      const port = await portFor(options);
      const url = urlOf(options, port);
      if (given(options.env['DATABASE_URL']) === undefined) postgres = await startPostgres(options);
      const databaseUrl = postgres?.url ?? given(options.env['DATABASE_URL']) ?? '';
      const applied = await out.step('Bringing the database up to date', () => migrated(databaseUrl));
      if (applied.length > 0) out.line(`  ${String(applied.length)} migrations applied`);
      await options.prepare?.(databaseUrl, url);
      const environment = serverEnvironment(options, { databaseUrl, url, port });
      const start = () => startServer(options, { url, environment });
      const server = await out.step('Starting API, gateway and worker', start);
      return new Installation(url, databaseUrl, postgres, options, server);
    } catch (error) {
      await postgres?.stop();
      release(home.server);
      throw error;
    }
  }

  get server(): ServerProcess {
    return this.process;
  }

  /** A new server process, with the same settings, in place of one that is gone. Not once the installation is being stopped. */
  async startServer(): Promise<void> {
    const { url, databaseUrl, options } = this;
    if (this.stopping) throw new Trouble('Everything is being stopped.', 'Start it again when that is done.');
    const environment = serverEnvironment(options, { databaseUrl, url, port: Number(new URL(url).port) });
    this.starting = startServer(options, { url, environment });
    this.process = await this.starting;
  }

  async stop(): Promise<void> {
    const { out, home } = this.options;
    this.stopping = true;
    try {
      await this.starting?.catch(() => undefined);
      if (this.process.running) await out.step('Stopping the server', () => this.process.stop());
    } finally {
      const { postgres } = this;
      if (postgres !== undefined) await out.step('Stopping PostgreSQL', () => postgres.stop());
      release(home.server);
    }
  }
}

function startServer(
  { host, home, preload }: InstallationOptions,
  { url, environment }: { readonly url: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Promise<ServerProcess> {
  const more = preload === undefined ? {} : { preload };
  return ServerProcess.start({ host, url, env: environment, logFile: home.serverLog, ...more });
}

async function startPostgres({ home, out, throwAway }: InstallationOptions): Promise<EmbeddedPostgres> {
  if (throwAway === true) return out.step('Starting a PostgreSQL to throw away', startThrowAwayPostgres);
  const postgres = await out.step('Starting PostgreSQL', () => startEmbeddedPostgres({ folder: home.postgres }));
  if (postgres.adopted) {
    out.line('  It was still running, left by a server that was killed; taken over with all its data.');
  }
  if (postgres.data !== home.postgres) out.line(`  Its data lies in ${postgres.data}`);
  return postgres;
}

async function migrated(databaseUrl: string): Promise<readonly string[]> {
  try {
    return await migrate(databaseUrl, migrationsFolder());
  } catch (error) {
    throw new Trouble(
      `The database could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      'Look at DATABASE_URL and at the rights of its user; `./sotto doctor` looks further.',
    );
  }
}

function serverEnvironment(
  { env, home, bind, issuer }: InstallationOptions,
  at: { readonly databaseUrl: string; readonly url: string; readonly port: number },
): Readonly<Record<string, string | undefined>> {
  return {
    SOTTO_MASTER_KEY_FILE: home.masterKey,
    ...env,
    DATABASE_URL: at.databaseUrl,
    SOTTO_HOST: bind,
    SOTTO_PORT: String(at.port),
    SOTTO_ISSUER: issuer ?? given(env['SOTTO_ISSUER']) ?? at.url,
  };
}

/** Asked before anything is started: a taken port is the commonest trouble and the cheapest to see. */
async function portFor({ port, bind, host }: InstallationOptions): Promise<number> {
  if (port === 0) return freePort();
  const server = createServer();
  const fault = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen(port, bind, () => {
      resolve(undefined);
    });
  });
  if (fault === undefined) {
    await new Promise((closed) => server.close(closed));
    return port;
  }
  const place = `${bind}:${String(port)}`;
  const other = `SOTTO_PORT=${String(port + 1)} npm start`;
  if (fault === 'EACCES')
    throw new Trouble(`This user may not listen on ${place}.`, `Choose a port above 1023: ${other}`);
  if (fault !== 'EADDRINUSE')
    throw new Trouble(`Nothing can listen on ${place} (${fault}).`, 'Look at SOTTO_HOST and SOTTO_PORT.');
  const who = (await isSotto(host, `http://${place}`)) ? 'another Sotto' : 'another program';
  throw new Trouble(`Port ${String(port)} is taken by ${who}.`, `Stop it, or choose another port: ${other}`);
}

/** Where this machine reaches it. */
function urlOf({ bind, env }: InstallationOptions, port: number): string {
  const scheme = given(env['SOTTO_TLS_CERT_FILE']) === undefined ? 'http' : 'https';
  const everywhere = bind === '0.0.0.0' || bind === '::';
  const host = everywhere ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind;
  return `${scheme}://${host}:${String(port)}`;
}

async function isSotto(host: Host, url: string): Promise<boolean> {
  const answer = await host.fetch(`${url}/v1/server`, { method: 'GET', headers: {} }).catch(() => undefined);
  return answer?.status === 200 && new TextDecoder().decode(answer.body).includes('"issuer"');
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
