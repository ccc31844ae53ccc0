import type { Command } from 'commander';
import { port, readConfig, setting } from '../../../../libs/platform/config.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import { faultsOfDoor } from '../../../../libs/serving/open-door.js';
import { HTTP_SETTINGS } from '../../../../libs/serving/settings.js';
import { playConversation, type Cast } from '../conversation.js';
import { clearDemoPeople, enrolDemo, introduce, linkDemo, type DemoPlace } from '../demo-people.js';
import { Guests } from '../guests.js';
import { firstStart } from '../first-start.js';
import { forgetRunningServer, version, writeRunningServer } from '../home.js';
import { Installation } from '../installation.js';
import { seconds } from '../output.js';
import { People } from '../people.js';
import { Trouble } from '../trouble.js';
import { orInterrupted, type World } from '../world.js';

interface UpOptions {
  readonly port?: string;
  readonly demo: boolean;
}

const RESTARTS = 5;

export function upCommand(program: Command, world: World): void {
  program
    .command('up')
    .description(
      'Start everything on this machine and stay up: database, server, and at the first start two demo people',
    )
    .option('--port <port>', 'port of the server (else SOTTO_PORT, else 8080)')
    .option('--no-demo', 'without demo tenant, people and conversation')
    .addHelpText(
      'after',
      `
Data and secrets lie in .sotto/ (SOTTO_HOME). With DATABASE_URL or REDIS_URL set, those are used.

Examples:
  $ sotto up
  $ sotto up --port 9000
  $ DATABASE_URL=postgres://sotto:secret@db:5432/sotto sotto up --no-demo`,
    )
    .action((options: UpOptions) => up(world, options));
}

async function up(world: World, options: UpOptions): Promise<void> {
  const { out, home, interrupted } = world;
  const began = performance.now();
  out.line(out.paint('bold', `Sotto ${version()}`));
  const place = doorOf(world, options);
  const people = new People(home);
  let begun: { adminToken: string; tenantId: TenantId | undefined } | undefined;
  const installation = await Installation.start({
    ...world,
    ...place,
    issuer: Object.values(people.read().people).find(({ demo }) => demo)?.server,
    prepare: async (databaseUrl) => {
      const { adminToken, demoTenant } = await firstStart(databaseUrl, { home, demo: options.demo });
      begun = { adminToken, tenantId: demoTenant };
    },
  });
  try {
    const { url } = installation;
    writeRunningServer(home, { url, pid: process.pid });
    if (begun?.tenantId !== undefined && options.demo && !interrupted.aborted) {
      await demoConversation(
        world,
        { ...world, server: url, tenantId: begun.tenantId, guests: new Guests() },
        begun.adminToken,
      );
    }
    if (!interrupted.aborted) tellWhere(world, { url, demo: options.demo, took: performance.now() - began });
    await stayUp(world, installation);
  } finally {
    forgetRunningServer(home);
    await installation.stop();
  }
}

function doorOf({ env }: World, options: UpOptions): { readonly bind: string; readonly port: number } {
  const given = options.port === undefined ? env : { ...env, SOTTO_PORT: options.port };
  const table = { ...HTTP_SETTINGS, port: setting('SOTTO_PORT', port.default(8080), { about: 'Port' }) };
  const { host, port: number, tlsCertFile, trustedProxies } = readConfig(table, given);
  const faults = faultsOfDoor({ host, tls: tlsCertFile !== undefined, trustedProxies, demoTenant: options.demo });
  if (faults.length > 0) throw new Trouble(faults.join('\n'), 'Nothing was started.', 2);
  return { bind: host, port: number };
}

/** Makes the people unless they are there for this tenant, and plays the conversation unless it was played. */
async function demoConversation(world: World, place: DemoPlace, adminToken: string): Promise<void> {
  const { out, home, interrupted } = world;
  const people = new People(home);
  const file = people.read();
  const ours = Object.values(file.people).filter(({ demo, tenantId }) => demo && tenantId === place.tenantId);
  if (file.played && ours.length === 2) return;
  clearDemoPeople(home);
  const make = () => orInterrupted(interrupted, makeCast(place, adminToken));
  try {
    const cast = await out.step('Enrolling alice (phone, laptop) and bob (phone, laptop, tablet)', make);
    await orInterrupted(interrupted, playConversation(out, cast));
    people.write({ ...people.read(), played: true });
  } catch (error) {
    // Whoever stops it before it is over sees it at the next start.
    if (!interrupted.aborted) throw error;
  } finally {
    await place.guests.close();
  }
}

async function makeCast(place: DemoPlace, adminToken: string): Promise<Cast> {
  const alice = await enrolDemo(place, { person: 'alice', adminToken });
  const bob = await enrolDemo(place, { person: 'bob', adminToken });
  const aliceLaptop = await linkDemo(place, { from: alice, device: 'laptop' });
  const bobLaptop = await linkDemo(place, { from: bob, device: 'laptop' });
  const bobTablet = await linkDemo(place, { from: bob, device: 'tablet' });
  const cast = { alice: [alice, aliceLaptop], bob: [bob, bobLaptop, bobTablet] };
  introduce(...cast.alice, ...cast.bob);
  return cast;
}

function tellWhere(
  { out, home }: World,
  at: { readonly url: string; readonly demo: boolean; readonly took: number },
): void {
  const { url, demo, took } = at;
  out.line();
  out.line(out.paint('bold', `Sotto is up (${seconds(took)})`));
  out.line(`  API          ${url}`);
  out.line(`  OpenAPI      ${url}/docs`);
  out.line(`  Admin token  ${home.adminToken} (24 hours, renewed at each start)`);
  if (demo) {
    out.line('  People       alice (phone, laptop) and bob (phone, laptop, tablet)');
    out.line();
    out.line('Chat as each of them, from two more terminals in this folder:');
    out.line(`  ${out.paint('bold', './sotto chat alice')}`);
    out.line(`  ${out.paint('bold', './sotto chat bob')}`);
  }
  out.line();
  out.line('Ctrl-C stops everything.');
}

/** Until it is interrupted. A server that dies is started again; one that keeps dying is a trouble. */
async function stayUp({ out, home, interrupted }: World, installation: Installation): Promise<void> {
  const stopped = new Promise<'stop'>((resolve) => {
    if (interrupted.aborted) resolve('stop');
    interrupted.addEventListener('abort', () => {
      resolve('stop');
    });
  });
  for (let restarts = 0; ; restarts += 1) {
    const ended = await Promise.race([stopped, installation.server.exited]);
    if (ended === 'stop') {
      out.line();
      return;
    }
    if (restarts === RESTARTS) {
      throw new Trouble(
        `The server ended for the ${String(RESTARTS + 1)}th time (${ended}).`,
        `Its log lies in ${home.serverLog}.`,
      );
    }
    out.line();
    await out.step(`The server ended (${ended}); starting it again`, () => installation.startServer());
  }
}
