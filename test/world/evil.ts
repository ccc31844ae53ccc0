import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { decodeJwt } from 'jose';
import { WebSocket, WebSocketServer } from 'ws';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type ClientFrame,
  type ServerFrame,
} from '../../libs/protocol/frames.js';
import type { AccountId, DeviceId } from '../../libs/protocol/ids.js';
import { decodeSendRequest, type OutgoingEnvelope, type SendRequest } from '../../libs/protocol/send-request.js';
import { nodeHost } from '../../libs/sdk/host.js';
import type { WorldHost } from './host.js';
import type { Eavesdropper } from './eavesdropper.js';
import type { Place } from './installation.js';

/** One request over REST. `deviceId`: whose token came along. */
export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly deviceId: DeviceId | undefined;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

/** One socket of a client, with both of its ends. */
export interface Tap {
  readonly path: string;
  readonly deviceId: DeviceId | undefined;
  toClient(frame: ServerFrame): void;
  toServer(frame: ClientFrame): void;
}

/** Each lie looks at what passes and gives back what shall pass instead; what it is not about it gives back as it came. */
export interface Lies {
  /** Called without having asked the real server; `honest` asks it. Undefined: none of this lie's business. */
  readonly rest?: (asked: Asked, honest: () => Promise<Reply>) => Promise<Reply> | undefined;
  readonly down?: (frame: ServerFrame, tap: Tap) => readonly ServerFrame[];
  readonly up?: (frame: ClientFrame, tap: Tap) => readonly ClientFrame[];
  /** Status with which an upgrade is refused. */
  readonly upgrade?: (path: string, deviceId: DeviceId | undefined) => number | undefined;
}

/** What a client encrypted, to whom it said that it was, and from which device. */
export interface Letter extends OutgoingEnvelope {
  readonly from: DeviceId | undefined;
  readonly to: AccountId;
}

const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

/**
 * A hostile server: a proxy before the real one that passes everything on until it is told to lie, and that writes down every
 * envelope which clients encrypted. Clients believe that they talk to the real one: their `host` connects here instead.
 */
export class Evil {
  /** Everything that clients encrypted and sent, delivered or not. */
  readonly letters: Letter[] = [];
  /** Every request over REST, as `METHOD /path?query`. */
  readonly requests: string[] = [];
  private lies: readonly Lies[] = [];
  private ears: readonly Eavesdropper[] = [];
  private readonly taps = new Set<WebSocket>();
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  private constructor(
    private readonly place: Place,
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(place: Place): Promise<Evil> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const evil = new Evil(place, server, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    server.on('request', (request, response) => void evil.answer(request, response));
    server.on('upgrade', (request, socket, head) => void evil.upgrade(request, { socket, head }));
    return evil;
  }

  /** A client's world whose every connection ends here; sockets go on to the gateway with this index, counted round. */
  host(index: number): WorldHost {
    const host: WorldHost = {
      ...nodeHost,
      ahead: 0,
      now: () => nodeHost.now() + host.ahead,
      fetch: async (url, request) => {
        const { pathname, search } = new URL(url);
        return nodeHost.fetch(this.url + pathname + search, request);
      },
      openSocket: async (url, options) =>
        nodeHost.openSocket(`${this.url.replace('http', 'ws')}/${String(index)}${new URL(url).pathname}`, options),
      // Nobody waits out a backoff here; the long watches stay.
      delay: (ms, signal) => nodeHost.delay(ms > 20_000 ? ms : Math.min(ms, 250), signal),
      warn: () => undefined,
    };
    return host;
  }

  /** From now on, beside what it lies about already. */
  lie(lies: Lies): void {
    this.lies = [...this.lies, lies];
  }

  /** Turns honest. */
  honest(): void {
    this.lies = [];
  }

  /** Every device that anybody encrypted to since this many letters. */
  writtenTo(since = 0): ReadonlySet<DeviceId> {
    return new Set(this.letters.slice(since).map(({ deviceId }) => deviceId));
  }

  /** An attacker's device tries its keys on everything that was encrypted and will be. */
  listen(ear: Eavesdropper): void {
    this.ears = [...this.ears, ear];
  }

  /** What the attacker's devices could read. */
  async overheard(): Promise<readonly string[]> {
    const texts: string[] = [];
    for (const ear of this.ears)
      for (const letter of this.letters) texts.push(...[await ear.open(letter)].filter((text) => text !== undefined));
    return texts;
  }

  /** Ends every socket; clients come back by themselves. */
  cut(): void {
    for (const socket of this.taps) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const [method, path] = [request.method ?? '', request.url ?? ''];
    const asked: Asked = { method, path, body: new Uint8Array(Buffer.concat(parts)), deviceId: deviceOf(request) };
    this.requests.push(`${method} ${path}`);
    if (path === '/v1/messages') this.write(decodeSendRequest(asked.body), asked.deviceId);
    const honest = (): Promise<Reply> => this.forward(asked, request);
    // The latest lie speaks first and may ask the ones before it.
    const told = this.lies.reduce<() => Promise<Reply>>(
      (before, { rest }) =>
        () =>
          rest?.(asked, before) ?? before(),
      honest,
    );
    try {
      const { status, type, body } = await told();
      response.writeHead(status, { 'content-type': type }).end(body);
    } catch {
      response.destroy();
    }
  }

  private async forward({ method, path, body }: Asked, { headers }: IncomingMessage): Promise<Reply> {
    const kept = Object.entries(headers).filter(([name]) => !HOP.has(name)) as [string, string][];
    const answer = await fetch(this.place.api + path, {
      method,
      headers: kept,
      ...(body.length === 0 ? {} : { body: Buffer.from(body) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, body: new Uint8Array(await answer.arrayBuffer()) };
  }

  private async upgrade(request: IncomingMessage, raw: { readonly socket: Duplex; readonly head: Buffer }) {
    const [, index = '0', path = ''] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const { gateways } = this.place;
    const refused = this.lies
      .map(({ upgrade }) => upgrade?.(path, deviceOf(request)))
      .find((status) => status !== undefined);
    const { authorization, dpop } = request.headers;
    const headers = { ...(authorization && { authorization }), ...(dpop && { dpop: String(dpop) }) };
    const server = new WebSocket(`${gateways[Number(index) % gateways.length] ?? ''}${path}`, 'sotto.v1', { headers });
    // What the server says with the upgrade comes before the client is there.
    const early: Buffer[] = [];
    const keep = (data: Buffer): void => void early.push(data);
    server.on('message', keep);
    const status = await new Promise<number>((resolve) => {
      server.once('open', () => resolve(101));
      server.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 502));
      server.on('error', () => resolve(502));
    });
    if (refused !== undefined || status !== 101) {
      server.terminate();
      raw.socket.end(`HTTP/1.1 ${String(refused ?? status)} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, raw.socket, raw.head, (client) => {
      this.tap({ client, server, path, deviceId: deviceOf(request) });
      server.off('message', keep);
      for (const data of early) server.emit('message', data);
    });
  }

  private tap({
    client,
    server,
    path,
    deviceId,
  }: Pick<Tap, 'path' | 'deviceId'> & { readonly client: WebSocket; readonly server: WebSocket }): void {
    this.taps.add(client);
    const tap: Tap = {
      path,
      deviceId,
      toClient: (frame) => client.send(encodeServerFrame(frame)),
      toServer: (frame) => server.send(encodeClientFrame(frame)),
    };
    server.on('message', (data: Buffer) => {
      for (const frame of this.downward(data, tap)) client.send(frame);
    });
    client.on('message', (data: Buffer) => {
      for (const frame of this.upward(data, tap)) server.send(frame);
    });
    server.on('ping', () => client.ping());
    join(server, client);
    join(client, server);
    client.on('close', () => this.taps.delete(client));
  }

  private downward(data: Buffer, tap: Tap): readonly Uint8Array[] {
    const frame = decodeServerFrame(data);
    if (frame === undefined) return [data];
    const told = this.lies.reduce<readonly ServerFrame[]>(
      (frames, { down }) => (down === undefined ? frames : frames.flatMap((each) => down(each, tap))),
      [frame],
    );
    return told.map((each) => (each === frame ? data : encodeServerFrame(each)));
  }

  private upward(data: Buffer, tap: Tap): readonly Uint8Array[] {
    const frame = decodeClientFrame(data);
    if (frame.kind !== 'send' && frame.kind !== 'acks' && frame.kind !== 'link') return [data];
    if (frame.kind === 'send') this.write(frame.request, tap.deviceId);
    const told = this.lies.reduce<readonly ClientFrame[]>(
      (frames, { up }) => (up === undefined ? frames : frames.flatMap((each) => up(each, tap))),
      [frame],
    );
    return told.map((each) => (each === frame ? data : encodeClientFrame(each)));
  }

  private write(request: ReturnType<typeof decodeSendRequest>, from: DeviceId | undefined): void {
    if ('code' in request) return;
    for (const { accountId, envelopes } of (request satisfies SendRequest).recipients)
      this.letters.push(...envelopes.map((envelope) => ({ ...envelope, from, to: accountId })));
  }
}

function join(from: WebSocket, to: WebSocket): void {
  from.on('error', () => undefined);
  from.on('close', (code, reason) => {
    // Codes that stand for the absence of a close frame may not be sent in one.
    if (code === 1005 || code === 1006) to.terminate();
    else to.close(code, reason);
  });
}

function deviceOf({ headers: { authorization } }: IncomingMessage): DeviceId | undefined {
  return authorization === undefined ? undefined : (decodeJwt(authorization.replace(/^\w+ /, '')).sub as DeviceId);
}
