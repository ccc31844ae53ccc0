import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { uuidFromBytes, type DeviceId, type IdempotencyKey } from '../protocol/ids.js';
import type { Brand } from '../protocol/brand.js';

/** The SDK's only door to the world outside its store: clock, randomness, network. Tests pass their own. */
export interface Host {
  /** Milliseconds since the epoch by this machine's clock, right or wrong. */
  now(): number;
  random(length: number): Uint8Array<ArrayBuffer>;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
  /** Rejects when there is no answer at all; any status is an answer. */
  fetch(url: string, request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the socket is open, rejects with a SocketRefused when it never opened. Then `onClose` comes exactly once. */
  openSocket(url: string, options: SocketOptions): Promise<Socket>;
  /** For a person to read: what is insecure about this installation. */
  warn(line: string): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface SocketOptions {
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string>>;
  onMessage(bytes: Uint8Array<ArrayBuffer>): void;
  onPing(): void;
  onClose(code: number, reason: string): void;
}

export interface Socket {
  send(bytes: Uint8Array): void;
  close(): void;
  /** Ends it at once, without a closing handshake. */
  terminate(): void;
  /** Stops and resumes reading; what is unread stays in the network. */
  pause(): void;
  resume(): void;
}

/** The upgrade was answered with this HTTP status, or (undefined) not at all. */
export class SocketRefused extends Error {
  constructor(
    readonly status: number | undefined,
    cause?: unknown,
  ) {
    super(status === undefined ? 'the socket could not be opened' : `the upgrade was answered with ${String(status)}`, {
      cause,
    });
  }
}

const REQUEST_TIMEOUT = 30_000;
const UPGRADE_TIMEOUT = 15_000;
const MAX_FRAME = 4 * 1024 * 1024;
const MAX_ANSWER = 16 * 1024 * 1024;

export const nodeHost: Host = {
  now: () => Date.now(),
  random: (length) => new Uint8Array(randomBytes(length)),
  delay: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    }),
  fetch: async (url, { method, headers, body }) => {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, body: await readBounded(answer) };
  },
  openSocket,
  warn: (line) => {
    process.stderr.write(`${line}\n`);
  },
};

async function readBounded(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (answer.body as AsyncIterable<Uint8Array> | null) ?? []) {
    length += part.length;
    if (length > MAX_ANSWER) throw new Error(`an answer of more than ${String(MAX_ANSWER)} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function openSocket(url: string, options: SocketOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options.protocol, {
      headers: { ...options.headers },
      perMessageDeflate: false,
      handshakeTimeout: UPGRADE_TIMEOUT,
      maxPayload: MAX_FRAME,
      followRedirects: false,
    });
    let opened = false;
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data: ArrayBuffer, binary: boolean) => {
      if (binary) options.onMessage(new Uint8Array(data));
    });
    socket.on('ping', () => {
      options.onPing();
    });
    socket.once('unexpected-response', (_request, response) => {
      reject(new SocketRefused(response.statusCode));
      socket.terminate();
    });
    // After opening, an error is always followed by `close`, which tells enough.
    socket.on('error', (error) => {
      if (!opened) reject(new SocketRefused(undefined, error));
    });
    socket.once('close', (code, reason) => {
      if (opened) options.onClose(code, reason.toString());
      else reject(new SocketRefused(undefined));
    });
    socket.once('open', () => {
      opened = true;
      resolve(asSocket(socket));
    });
  });
}

function asSocket(socket: WebSocket): Socket {
  return {
    send: (bytes) => {
      socket.send(bytes);
    },
    close: () => {
      socket.close(1000);
    },
    terminate: () => {
      socket.terminate();
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
  };
}

/** A random UUID (RFC 9562, version 4). */
export function newId<Id extends Brand<string, string> = DeviceId>(host: Host): Id {
  return stamped(host.random(16), 0x40) as Id;
}

/** A UUIDv7 (RFC 9562, section 5.7) of a time in milliseconds. */
export function newKey(host: Host, now: number): IdempotencyKey {
  const bytes = host.random(16);
  for (let index = 0; index < 6; index += 1) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  return stamped(bytes, 0x70) as IdempotencyKey;
}

function stamped(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidFromBytes(bytes) ?? '';
}
