import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { enrolDemo, introduce, linkDemo } from '../demo-people.js';
import { table } from '../output.js';
import type { Participant } from '../participant.js';
import type { ServerProcess } from '../server-process.js';
import { onThrowAway, type ThrowAway } from '../throw-away.js';
import { ROOMS, type ProbeMessage, type Visit } from '../trace-rooms.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

const WARM_UP = 20;
const ACKS_WITHIN_MS = 300;

interface Walk {
  readonly began: number;
  readonly accepted: number;
  readonly received: number;
  readonly devices: number;
  readonly visits: readonly Visit[];
}

export function traceCommand(program: Command, world: World): void {
  program
    .command('trace')
    .description('Send one message and show the eight rooms that it walks through, with file and measured time')
    .addHelpText(
      'after',
      `
Starts a server of its own on throw-away data, with a stopwatch around the functions of the eight rooms, sends ${String(WARM_UP)}
messages to warm up, and measures the next one. Times are milliseconds since the sender's client began.

Example:
  $ sotto trace`,
    )
    .action(() => trace(world));
}

async function trace(world: World): Promise<void> {
  const preload = [new URL('../trace-probe.js', import.meta.url).href];
  const walk = await onThrowAway(world, { preload }, (made) => measure(made));
  show(world, walk);
}

async function measure({ installation, place, adminToken }: ThrowAway): Promise<Walk> {
  const alice = await enrolDemo(place, { person: 'alice', adminToken });
  const bob = await enrolDemo(place, { person: 'bob', adminToken });
  const laptop = await linkDemo(place, { from: bob, device: 'laptop' });
  introduce(alice, bob, laptop);
  for (let at = 0; at < WARM_UP; at += 1) await exchange(alice, [bob, laptop], `warm-up ${String(at)}`);
  await delay(ACKS_WITHIN_MS);
  await ask(installation.server, 'begin');
  const walked = await exchange(alice, [bob, laptop], 'the one that is measured');
  await delay(ACKS_WITHIN_MS);
  const report = (await ask(installation.server, 'report')) as { readonly visits: readonly Visit[] };
  return { ...walked, devices: 2, visits: report.visits };
}

async function exchange(
  from: Participant,
  to: readonly Participant[],
  text: string,
): Promise<Pick<Walk, 'began' | 'accepted' | 'received'>> {
  const [first] = to;
  if (first === undefined) throw new Error('nobody to write to');
  const began = now();
  const accepted = from.send(first.accountId, text).then(now);
  const received = Promise.all(to.map((device) => device.waitFor(text))).then(now);
  return { began, accepted: await accepted, received: await received };
}

function ask(server: ServerProcess, message: ProbeMessage): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => {
    server.onMessage(resolve);
  });
  server.tell(message);
  return answer;
}

function show({ out }: World, walk: Walk): void {
  const rows: string[][] = [['ROOM', 'FILE', 'WHAT', 'AT', 'TOOK']];
  const since = (time: number): string => ms(time - walk.began);
  rows.push(['', 'libs/sdk/sealer.ts', 'client: sealed for each device, stored, sent', '0.00', '']);
  const missing: number[] = [];
  for (const [at, { room, file, what }] of ROOMS.entries()) {
    const visits = visitsOf(walk, at);
    const [first] = visits;
    if (first === undefined) missing.push(room);
    else {
      const took = visits.reduce((sum, visit) => sum + visit.left - visit.entered, 0);
      const times = visits.length === 1 ? '' : ` (${String(visits.length)} times)`;
      rows.push([String(room), file, `${what}${times}`, since(first.entered), ms(took)]);
    }
  }
  rows.push(['', 'libs/sdk/sender.ts', 'client: accepted', since(walk.accepted), '']);
  rows.push([
    '',
    'libs/sdk/receiver.ts',
    `clients: decrypted on ${String(walk.devices)} devices`,
    since(walk.received),
    '',
  ]);
  out.line();
  for (const line of table(rows)) out.line(line);
  out.line();
  out.line('Milliseconds since the client began; rooms 3 and 5 wait for the disk, and rooms 4 to 7 lie within room 3.');
  if (missing.length > 0) {
    throw new Trouble(
      `The message was not seen in room ${missing.join(', ')}.`,
      'apps/cli/src/trace-rooms.ts names what is measured; it no longer fits.',
    );
  }
}

/** Rooms 1 and 2 see the acks too: of those only the first visit, the message itself, is meant. */
function visitsOf(walk: Walk, at: number): readonly Visit[] {
  const visits = walk.visits.filter((visit) => visit.at === at).toSorted((a, b) => a.entered - b.entered);
  return (ROOMS[at]?.room ?? 0) <= 2 ? visits.slice(0, 1) : visits;
}

function ms(nanoseconds: number): string {
  return (nanoseconds / 1e6).toFixed(2);
}

function now(): number {
  return Number(process.hrtime.bigint());
}
