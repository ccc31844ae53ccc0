import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startEmbeddedRedis } from '../../libs/platform/embedded-redis.js';
import { startThrowAwayPostgres } from '../../libs/platform/throw-away-postgres.js';
import { decodeServerFrame, encodeClientFrame } from '../../libs/protocol/frames.js';
import type { SendRequest } from '../../libs/protocol/send-request.js';
import { newKey, nodeHost } from '../../libs/sdk/host.js';
import { folderAbove } from '../../libs/serving/project-folder.js';
import type { RawDevice } from '../world/raw-device.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

export interface CrowdOptions {
  readonly devices: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const SETTLE_MS = 10_000;
const AT_ONCE = 24;
const TICK_MS = 20;
const MISCHIEF_MS = 100;
const BYTES = 600;

/** `flood`: sends without heed of limits. `hoard`: never acks. `slow`: leaves its socket unread most of the time. */
type Manner = 'good' | 'flood' | 'hoard' | 'slow';

interface Member {
  readonly device: RawDevice;
  readonly socket: WebSocket;
  readonly manner: Manner;
}

/**
 * The promise made to users, absolute (DELIVERY "Figures"): so many devices connected to one gateway, so many messages a second between them,
 * one device in a hundred misbehaving; p99 from the send to its arrival at the other socket below a second, and nothing lost. The servers are
 * processes of their own; this one is the crowd.
 */
export async function crowd({ devices, perSecond, seconds }: CrowdOptions): Promise<boolean> {
  const cache = join(folderAbove(import.meta.dirname, 'package.json'), '..', '.cache');
  const [postgres, redis] = await Promise.all([startThrowAwayPostgres(), startEmbeddedRedis({ cache })]);
  const world = await World.alone('split', { postgresUrl: postgres.url, redisUrl: redis.url });
  const latencies: number[] = [];
  const members: Member[] = [];
  try {
    await world.policy({ requestsPerMinute: 100_000 });
    const people: RawPerson[] = [];
    await inParallel(devices, 'enrolled', async (index) => {
      people[index] = await world.rawPerson(`member ${String(index)}`);
    });
    const before = memoryOf(world);
    await inParallel(devices, 'connected', async (index) => {
      const device = people[index]?.phone;
      if (device !== undefined) members.push(await admit(world, device, { manner: mannerOf(index), latencies }));
    });
    const memory = (memoryOf(world) - before) / devices;
    const cpu = process.cpuUsage();
    const sent = await talk(members, { perSecond, seconds });
    await sleep(SETTLE_MS);
    const used = process.cpuUsage(cpu);
    const share = (used.user + used.system) / 1e6 / (seconds + SETTLE_MS / 1_000);
    return report({ sent, latencies, memory, share, devices });
  } finally {
    for (const { socket } of members) socket.terminate();
    await world.close();
    await Promise.all([postgres.stop(), redis.stop()]);
  }
}

function report(of: {
  readonly sent: number;
  readonly latencies: readonly number[];
  readonly memory: number;
  readonly share: number;
  readonly devices: number;
}): boolean {
  const sorted = of.latencies.toSorted((left, right) => left - right);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const lost = of.sent - sorted.length;
  console.log(
    `${String(of.devices)} devices, ${String(of.sent)} messages: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, p99.9 ${at(0.999).toFixed(1)} ms, slowest ${at(1).toFixed(0)} ms; ${String(lost)} lost`,
  );
  console.log(
    `gateway: ${(of.memory / 1024).toFixed(1)} KiB more for each connection; the crowd itself took ${of.share.toFixed(2)} of a core`,
  );
  return lost === 0 && at(0.99) < 1_000;
}

async function admit(
  world: World,
  device: RawDevice,
  { manner, latencies }: { readonly manner: Manner; readonly latencies: number[] },
): Promise<Member> {
  const socket = new WebSocket(`${world.place.gateways[0] ?? ''}/v1/stream`, 'sotto.v1', {
    headers: await device.upgrade(),
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const frame = decodeServerFrame(data);
    if (frame?.kind !== 'deliveries') return;
    // Content begins with when it was sent, by this process's clock.
    if (manner === 'good')
      for (const { content } of frame.envelopes)
        latencies.push(performance.now() - Buffer.from(content).readDoubleBE(0));
    const acks = frame.envelopes.map(({ sequence, id }) => ({ sequence, id, cumulative: false }));
    if (manner !== 'hoard') socket.send(encodeClientFrame({ kind: 'acks', acks }));
  });
  return { device, socket, manner };
}

function mannerOf(index: number): Manner {
  if (index % 100 !== 0) return 'good';
  return (['flood', 'hoard', 'slow'] as const)[(index / 100) % 3] ?? 'good';
}

/** Between those that behave; the others do what they do meanwhile. The number of messages that must arrive. */
async function talk(
  members: readonly Member[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number> {
  const good = members.filter(({ manner }) => manner === 'good');
  const bad = members.filter(({ manner }) => manner !== 'good');
  const started = performance.now();
  let sent = 0;
  let mischief = started;
  for (let now = started; now - started < seconds * 1_000; now = performance.now()) {
    for (const due = Math.floor(((now - started) / 1_000) * perSecond); sent < due; sent += 1) {
      const at = Math.floor(Math.random() * good.length);
      say(good[at], good[(at + 1 + Math.floor(Math.random() * (good.length - 1))) % good.length]);
    }
    if (now >= mischief) {
      mischief = now + MISCHIEF_MS;
      for (const member of bad) misbehave(member, good, bad);
    }
    await sleep(TICK_MS);
  }
  return sent;
}

/** Ten times a second. What goes to or comes from those that misbehave is not measured. */
function misbehave(member: Member, good: readonly Member[], bad: readonly Member[]): void {
  const victim = bad.find((each) => each !== member);
  if (member.manner === 'flood') for (let count = 0; count < 2; count += 1) say(member, victim);
  else if (Math.random() < 0.1) say(good[Math.floor(Math.random() * good.length)], member);
  if (member.manner !== 'slow') return;
  member.socket.pause();
  setTimeout(() => {
    member.socket.resume();
  }, 1).unref();
}

let lastId = 0;

function say(from: Member | undefined, to: Member | undefined): void {
  if (from === undefined || to === undefined || from.socket.readyState !== WebSocket.OPEN) return;
  lastId += 1;
  const content = Buffer.alloc(BYTES);
  content.writeDoubleBE(performance.now());
  const { person, id: deviceId, registrationId } = to.device;
  const request: SendRequest = {
    idempotencyKey: newKey(nodeHost, Date.now()),
    class: 'durable',
    urgent: false,
    bundles: false,
    clientTimestamp: 0,
    recipients: [
      {
        accountId: person.accountId,
        listVersion: person.listVersion,
        coverage: 'complete',
        envelopes: [{ deviceId, registrationId, kind: 2, control: false, content }],
      },
    ],
  };
  from.socket.send(encodeClientFrame({ kind: 'send', id: lastId, request }));
}

/** Resident, of the one gateway that the crowd is on. */
function memoryOf(world: World): number {
  const status = readFileSync(`/proc/${String(world.processes.pids['gateway-1'])}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

async function inParallel(count: number, done: string, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < count; index = next) {
      next += 1;
      await work(index);
      if (next % 1_000 === 0) console.log(`${String(next)} ${done}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
