import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { createLogger } from '../platform/log.js';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import { NodeLease } from './node-lease.js';
import { NodeLink } from './node-link.js';

const log = createLogger({ level: 'silent', app: 'spec' });
const SECRET = Buffer.alloc(32, 7);

interface Heard {
  readonly from: number;
  readonly text: string;
}

/** What is known of a peer is asked for again after 5 s. */
const ADDRESS_LIFE = 5_000;

describe('NodeLink', () => {
  let database: TestDatabase;
  const clock = new FakeClock();
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await database.db.commit('delete from node');
  });
  afterAll(() => database.drop());

  async function node(secret = SECRET) {
    const lease = new NodeLease(database.db, systemIds, log);
    const link = new NodeLink(lease, secret, clock, log);
    const address = await link.listen({ host: '127.0.0.1', port: 0 });
    const no = await lease.join(address);
    const heard: Heard[] = [];
    let changed: () => void = () => undefined;
    link.start(no, (from, message) => {
      heard.push({ from, text: Buffer.from(message).toString('utf8', 0, 40) });
      changed();
    });
    stops.push(async () => {
      await link.stop();
      await lease.leave();
    });
    const until = async (count: number): Promise<readonly Heard[]> => {
      while (heard.length < count) await new Promise<void>((resolve) => (changed = resolve));
      return heard;
    };
    return { no, link, address, heard, until };
  }

  /** A peer that is none of ours: what does a link say to it, and how does it take what it says? */
  async function stranger(no: number) {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const address = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await database.db.commit(
      `insert into node (no, owner, lease_until, address) values ($1, gen_random_uuid(), now() + interval '1 hour', $2)`,
      [no, address],
    );
    stops.push(async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    });
    return server;
  }

  async function knock(address: string, authorization?: string): Promise<'opened' | number | undefined> {
    const socket = new WebSocket(address, authorization === undefined ? {} : { headers: { authorization } });
    const answer = await new Promise<'opened' | number | undefined>((resolve) => {
      socket.once('open', () => resolve('opened'));
      socket.once('unexpected-response', (_, response: IncomingMessage) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    socket.terminate();
    return answer;
  }

  /** The proof that a node shows to another, as a thief on the way would see it. */
  async function proofFor(from: Awaited<ReturnType<typeof node>>, to: number): Promise<string> {
    const server = await stranger(to);
    const connected = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>;
    clock.advance(ADDRESS_LIFE);
    await from.link.send(to, Buffer.from('x'));
    const [, request] = await connected;
    await database.db.commit('delete from node where no = $1', [to]);
    return request.headers.authorization ?? '';
  }

  it('carries messages both ways, in order, and says who they are from', async () => {
    const [one, two, three] = [await node(), await node(), await node()];
    for (const text of ['a', 'b', 'c']) await one.link.send(two.no, Buffer.from(text));
    expect(await two.until(3)).toEqual(['a', 'b', 'c'].map((text) => ({ from: one.no, text })));
    await two.link.send(one.no, Buffer.from('back'));
    expect(await one.until(1)).toEqual([{ from: two.no, text: 'back' }]);
    expect(await three.link.broadcast(Buffer.from('all'))).toBe(2);
    expect((await one.until(2)).at(-1)).toEqual({ from: three.no, text: 'all' });
    expect((await two.until(4)).at(-1)).toEqual({ from: three.no, text: 'all' });
    expect(three.heard).toEqual([]);
  });

  it('drops what is for a node that is not there, and reaches a number again after it moved', async () => {
    const one = await node();
    await one.link.send(77, Buffer.from('nobody'));
    const lost = await stranger(50);
    const first = once(lost, 'connection');
    await one.link.send(50, Buffer.from('x'));
    await first;
    const two = await node();
    await database.db.commit('delete from node where no = $1', [two.no]);
    await database.db.commit('update node set address = $1 where no = 50', [two.address]);
    two.link.start(50, (from, message) => {
      two.heard.push({ from, text: Buffer.from(message).toString() });
    });
    clock.advance(ADDRESS_LIFE);
    while (two.heard.length === 0) {
      await one.link.send(50, Buffer.from('moved'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(two.heard[0]).toEqual({ from: one.no, text: 'moved' });
  });

  it('leaves a peer alone for a second that cannot be reached, however much there is to say', async () => {
    const one = await node();
    const peer = await stranger(51);
    let knocks = 0;
    peer.options.verifyClient = () => {
      knocks += 1;
      return false;
    };
    const say = async (): Promise<void> => {
      await one.link.send(51, Buffer.from('x'));
      await sleep(2);
    };
    for (let turn = 0; turn < 100; turn += 1) await say();
    expect(knocks).toBe(1);
    clock.advance(1_000);
    while (knocks < 2) await say();
  });

  it('lets in nobody without a proof, or with one under another secret', async () => {
    const [one, other] = [await node(), await node(Buffer.alloc(32, 8))];
    for (const header of [
      undefined,
      '',
      'Bearer x',
      'Sotto-Node 1.1.1.1',
      `Sotto-Node 2.1.${String(clock.now())}.1.AAAA`,
    ])
      expect(await knock(one.address, header)).toBe(401);
    const forged = await proofFor(other, 60);
    expect(await knock(one.address, forged.replace('.60.', `.${String(one.no)}.`))).toBe(401);
    expect(one.heard).toEqual([]);
  });

  it('lets go of a stranger that never hangs up, and does not wait for it at the end', async () => {
    const { address } = await node();
    const raw = connect({ port: Number(new URL(address).port), host: '127.0.0.1', allowHalfOpen: true });
    raw.on('error', () => undefined);
    raw.write(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    raw.resume();
    await once(raw, 'end');
    const stopped = Promise.all(stops.splice(0).map(async (stop) => stop())).then(() => 'stopped');
    const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'waits').unref());
    expect(await Promise.race([stopped, late])).toBe('stopped');
    raw.destroy();
  });

  it('takes a proof once, from its maker for its reader, while it is young', async () => {
    const [one, two] = [await node(), await node()];
    two.link.start(61, () => undefined);
    const proof = await proofFor(one, 61);
    expect(await knock(one.address, proof)).toBe(401);
    expect(await knock(two.address, proof)).toBe('opened');
    expect(await knock(two.address, proof)).toBe(401);
    const aged = await proofFor(one, 61);
    clock.advance(30_001);
    expect(await knock(two.address, aged)).toBe(401);
    expect(await knock(two.address, await proofFor(one, 61))).toBe('opened');
  });

  it('queues at most 1 MiB for a peer that does not read, drops the rest, and goes on later', async () => {
    const one = await node();
    const server = await stranger(50);
    const received: string[] = [];
    let bytes = 0;
    const connected = new Promise<WebSocket>((resolve) =>
      server.once('connection', (socket) => {
        socket.on('message', (data: Buffer) => {
          received.push(data.toString('utf8', 0, 3));
          bytes += data.length;
        });
        resolve(socket);
      }),
    );
    await one.link.send(50, Buffer.from('hi '));
    const socket = await connected;
    while (received.length < 1) await new Promise((resolve) => setImmediate(resolve));
    socket.pause();
    const large = Buffer.alloc(100 * 1024, 'm');
    for (let count = 0; count < 400; count += 1) await one.link.send(50, large);
    socket.resume();
    while (received.at(-1) !== 'end') {
      await one.link.send(50, Buffer.from('end'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(received.filter((text) => text === 'mmm').length).toBeGreaterThan(5);
    expect(bytes).toBeLessThan(400 * large.length);
  });

  it('ends a peer that sends more than a message may hold, and lives on', async () => {
    const [one, two] = [await node(), await node()];
    await one.link.send(two.no, Buffer.alloc(200 * 1024));
    while (two.heard.length === 0) {
      await one.link.send(two.no, Buffer.from('after'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(two.heard[0]?.text).toBe('after');
  });
});
