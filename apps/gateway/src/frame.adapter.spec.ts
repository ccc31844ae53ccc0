import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, type WebSocketServer } from 'ws';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { FrameAdapter, SUBPROTOCOL, type Admission } from './frame.adapter.js';

interface Refused {
  readonly status: number;
  readonly type: string | undefined;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

describe('FrameAdapter', () => {
  let http: Server;
  let server: WebSocketServer;
  let url: string;
  let admit: (path: string, request: IncomingMessage) => Promise<Admission<string>>;
  const sockets: { readonly socket: WebSocket; readonly context: string; readonly frames: Buffer[] }[] = [];
  let arrived: () => void = () => undefined;

  beforeAll(async () => {
    http = createServer();
    const adapter = new FrameAdapter<string>({} as INestApplicationContext, http, async (...args) => admit(...args));
    server = adapter.create();
    server.on('connection', (socket: WebSocket, context: unknown) => {
      const frames: Buffer[] = [];
      sockets.push({ socket, context: context as string, frames });
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        frames.push(data);
        arrived();
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `ws://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  });
  beforeEach(() => {
    sockets.splice(0);
    admit = async (path) => Promise.resolve({ kind: 'admitted', context: path });
  });
  afterAll(async () => {
    for (const socket of server.clients) socket.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  async function refusal(path: string, protocols: string[] = [SUBPROTOCOL]): Promise<Refused> {
    const socket = new WebSocket(`${url}${path}`, protocols);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const body: Buffer[] = [];
    response.on('data', (chunk: Buffer) => body.push(chunk));
    await once(response, 'end');
    return {
      status: response.statusCode ?? 0,
      type: response.headers['content-type'],
      challenge: response.headers['www-authenticate'],
      body: JSON.parse(Buffer.concat(body).toString()),
    };
  }

  it('hands an admitted socket on with what it was admitted for, under the subprotocol', async () => {
    const socket = new WebSocket(`${url}/v1/stream`, ['other', SUBPROTOCOL]);
    await once(socket, 'open');
    expect(socket.protocol).toBe(SUBPROTOCOL);
    expect(socket.extensions).toBe('');
    expect(sockets.map(({ context }) => context)).toEqual(['/v1/stream']);
    socket.terminate();
  });

  it.each([
    ['unauthenticated', 401, 'Bearer'],
    ['token_expired', 401, 'Bearer'],
    ['not_allowed', 403, undefined],
    ['not_found', 404, undefined],
    ['unavailable', 503, undefined],
  ] as const)('answers %s as an HTTP problem', async (code, status, challenge) => {
    admit = async () => Promise.resolve({ kind: 'refused', code, detail: 'why — not' });
    const refused = await refusal('/v1/stream');
    expect(refused).toMatchObject({ status, body: { status, code, detail: 'why — not' } });
    expect(refused.type).toMatch(/^application\/problem\+json/);
    expect(refused.challenge).toBe(challenge);
    expect(sockets).toEqual([]);
  });

  it('wants its subprotocol, and says so only to who is admitted', async () => {
    expect(await refusal('/v1/stream', [])).toMatchObject({ status: 400, body: { code: 'malformed' } });
    expect(await refusal('/v1/stream', ['sotto.v2'])).toMatchObject({ status: 400, body: { code: 'malformed' } });
    admit = async () => Promise.resolve({ kind: 'refused', code: 'unauthenticated', detail: 'no' });
    expect(await refusal('/v1/stream', [])).toMatchObject({ status: 401 });
  });

  it('refuses a token in the address before it asks who it is, and does not repeat it', async () => {
    let asked = 0;
    admit = async () => Promise.resolve({ kind: 'admitted', context: String((asked += 1)) });
    for (const path of ['/v1/stream?access_token=canary', '/v1/stream?x=1&token=canary']) {
      const refused = await refusal(path);
      expect(refused).toMatchObject({ status: 400, body: { code: 'malformed' } });
      expect(JSON.stringify(refused)).not.toContain('canary');
    }
    expect(asked).toBe(0);
  });

  it('is unavailable when it cannot be decided, and goes on', async () => {
    admit = async () => Promise.reject(new Error('canary'));
    const refused = await refusal('/v1/stream');
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(JSON.stringify(refused)).not.toContain('canary');
  });

  it('loses no frame that comes in the packet of the upgrade, however late it is decided', async () => {
    let decide: () => void = () => undefined;
    const decided = new Promise<void>((resolve) => (decide = resolve));
    admit = async () => decided.then(() => ({ kind: 'admitted', context: 'x' }));
    const raw = connect(Number(new URL(url).port), '127.0.0.1');
    raw.on('error', () => undefined);
    const head = [
      'GET /v1/stream HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16, 1).toString('base64')}`,
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
      '\r\n',
    ].join('\r\n');
    // Masked with zeros: binary, five bytes.
    const frame = (text: string): Buffer =>
      Buffer.concat([Buffer.from([0x82, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
    const received = new Promise<void>((resolve) => {
      arrived = () => {
        if (sockets[0]?.frames.length === 3) resolve();
      };
    });
    raw.write(Buffer.concat([Buffer.from(head), frame('first'), frame('secon')]));
    await once(http, 'upgrade');
    decide();
    raw.write(frame('third'));
    await received;
    expect(sockets[0]?.frames.map(String)).toEqual(['first', 'secon', 'third']);
    raw.destroy();
  });

  it('lets go of a refused client that never hangs up', async () => {
    admit = async () => Promise.resolve({ kind: 'refused', code: 'unauthenticated', detail: 'no' });
    const raw = connect({ port: (http.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    raw.on('error', () => undefined);
    const upgraded = once(http, 'upgrade') as Promise<[IncomingMessage, Socket]>;
    raw.write(
      'GET /v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    );
    const [, ours] = await upgraded;
    const said: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => said.push(chunk));
    await Promise.all([once(raw, 'end'), once(ours, 'close')]);
    expect(Buffer.concat(said).toString()).toMatch(/^HTTP\/1\.1 401 [^]*"code":"unauthenticated"[^]*\}$/);
    raw.destroy();
  });

  it('lives on when a client hangs up while it is decided', async () => {
    let decide: () => void = () => undefined;
    const decided = new Promise<void>((resolve) => (decide = resolve));
    admit = async () => decided.then(() => ({ kind: 'refused', code: 'unauthenticated', detail: 'no' }));
    const socket = new WebSocket(`${url}/v1/stream`, SUBPROTOCOL);
    socket.on('error', () => undefined);
    await once(http, 'upgrade');
    socket.terminate();
    decide();
    admit = async (path) => Promise.resolve({ kind: 'admitted', context: path });
    const next = new WebSocket(`${url}/v1/link`, SUBPROTOCOL);
    await once(next, 'open');
    next.terminate();
  });

  it('ends a socket whose frame is larger than a frame may be', async () => {
    const socket = new WebSocket(`${url}/v1/stream`, SUBPROTOCOL);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    socket.send(Buffer.alloc(LIMITS.frameBytes + 1));
    expect((await closed)[0]).toBe(1009);
    expect(sockets[0]?.frames).toEqual([]);
  });
});
