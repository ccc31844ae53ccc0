import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { WebSocketServer } from 'ws';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { problem, PROBLEMS, type ProblemCode } from '../../../libs/protocol/problems.js';
import { renderProblem } from '../../../libs/serving/refusal.js';

export const SUBPROTOCOL = 'sotto.v1';

/** What an upgrade leads to, or the problem it is answered with. */
export type Admission<Context> =
  | { readonly kind: 'admitted'; readonly context: Context }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string; readonly retryAfterMs?: number };

/** Decides over an upgrade by its path and `Authorization` header. */
export type Admit<Context> = (path: string, request: IncomingMessage) => Promise<Admission<Context>>;

/**
 * Binary frames on Nest's HTTP server. A socket is authenticated at the HTTP upgrade, so that no frame can come before its caller is
 * known; refusals are HTTP answers with a problem body (RFC 9457). What was admitted goes to `handleConnection`, with the socket and what is under it.
 * Message handlers are not bound: the stock ones parse JSON through RxJS for each frame and drop what they cannot read.
 */
export class FrameAdapter<Context> extends WsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly http: Server,
    private readonly admit: Admit<Context>,
  ) {
    super(app);
  }

  override create(): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: LIMITS.frameBytes,
      perMessageDeflate: false,
      clientTracking: true,
      handleProtocols: () => SUBPROTOCOL,
    });
    this.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', destroy);
      void this.upgrade(server, { request, socket, head });
    });
    return server;
  }

  override bindMessageHandlers(): void {
    // Frames are read by the connection itself.
  }

  override bindClientDisconnect(): void {
    // Whoever owns a socket hears of its end.
  }

  private async upgrade(
    server: WebSocketServer,
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
  ): Promise<void> {
    const admission = await this.decide(request).catch((): Admission<Context> => {
      return { kind: 'refused', code: 'unavailable', detail: 'the upgrade could not be decided; try again' };
    });
    if (admission.kind === 'refused') {
      refuse(socket, admission);
      return;
    }
    server.handleUpgrade(request, socket, head, (client) => {
      server.emit('connection', client, admission.context, socket);
    });
  }

  private async decide(request: IncomingMessage): Promise<Admission<Context>> {
    const url = URL.parse(request.url ?? '/', 'ws://gateway');
    if (url === null) return { kind: 'refused', code: 'malformed', detail: 'the URL cannot be read' };
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (url.searchParams.size > 0 && [...url.searchParams.keys()].some((key) => key.toLowerCase().includes('token')))
      return {
        kind: 'refused',
        code: 'malformed',
        detail: 'a token goes into the Authorization header, never into the address',
      };
    const admission = await this.admit(url.pathname, request);
    if (admission.kind === 'admitted' && !offered.includes(SUBPROTOCOL))
      return { kind: 'refused', code: 'malformed', detail: `the subprotocol ${SUBPROTOCOL} must be offered` };
    return admission;
  }
}

type Refused = Extract<Admission<never>, { readonly kind: 'refused' }>;

function refuse(socket: Duplex, { code, detail, retryAfterMs }: Refused): void {
  const { status, headers, body } = renderProblem(
    problem(code, detail, retryAfterMs === undefined ? {} : { retryAfterMs }),
  );
  const text = JSON.stringify(body);
  // A client that does not hang up would keep its half for ever: nothing watches a socket behind its upgrade.
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${PROBLEMS[code].title}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `content-length: ${String(Buffer.byteLength(text))}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}

function destroy(this: Duplex): void {
  this.destroy();
}
