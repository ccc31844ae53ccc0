import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import type { NodeLease, Peer } from './node-lease.js';

const MESSAGE_BYTES = 128 * 1024;
const QUEUED_BYTES = 1024 * 1024;
const PROOF_LIFE = 30_000;
/** A peer that could not be reached is left alone for so long; the lease of a dead one ends after 15 s. */
const REST = 1_000;
const ADDRESS_LIFE = 5_000;
const LABEL = 'sotto/node-link/1';

export type NodeLinkListener = (from: number, message: Uint8Array) => void;

/**
 * Node to node, directly: what must never be stored. Each node listens on its own address, found in the lease table, and proves with an
 * HMAC under a secret derived from the master key who it is, to whom it speaks and when. Connections are made on first use, one each way;
 * at most 1 MiB queues for a peer, what comes on top is dropped, as everything is that cannot be written: callers expect loss.
 */
export class NodeLink {
  private server: Server | undefined;
  private readonly outgoing = new Map<number, WebSocket>();
  private readonly incoming = new Set<WebSocket>();
  private listener: NodeLinkListener = () => undefined;
  private node = 0;
  private proofs = 0;
  /** Proofs that opened a connection, until they are too old to be shown again. */
  private readonly spent = new Map<string, number>();
  /** When a connection to an address failed, in milliseconds: it is not made anew for each message. */
  private readonly failed = new Map<string, number>();
  private order: Promise<unknown> = Promise.resolve();
  /** Messages that wait for addresses. */
  private waiting = 0;
  private readonly addresses = new Map<number, { readonly address: string; readonly at: number }>();

  constructor(
    private readonly lease: NodeLease,
    private readonly secret: Uint8Array,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Opens the port before the lease is joined; answers the address to write into it. */
  async listen({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES, perMessageDeflate: false });
    const server = createServer((_, response) => response.writeHead(404).end());
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const from = this.proven(request.headers.authorization ?? '');
      if (from === undefined)
        socket.once('finish', () => socket.destroy()).end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      else
        sockets.handleUpgrade(request, socket, head, (peer) => {
          this.receive(from, peer);
        });
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    this.server = server;
    return `ws://${host.includes(':') ? `[${host}]` : host}:${String((server.address() as AddressInfo).port)}`;
  }

  start(node: number, listener: NodeLinkListener): void {
    this.node = node;
    this.listener = listener;
  }

  /** To every other node; the answer is how many there were. */
  async broadcast(message: Uint8Array): Promise<number> {
    const told = await this.inOrder((peers) => {
      for (const { node, address } of peers) this.write(node, address, message);
      return peers.length;
    });
    return told ?? 0;
  }

  /** To one that was spoken to in the last seconds without asking for its address again; messages to one node keep their order. */
  async send(node: number, message: Uint8Array): Promise<void> {
    const known = this.addresses.get(node);
    if (known !== undefined && this.waiting === 0 && this.clock.now() - known.at < ADDRESS_LIFE) {
      this.write(node, known.address, message);
      return;
    }
    await this.inOrder((peers) => {
      const at = this.clock.now();
      for (const peer of peers) this.addresses.set(peer.node, { address: peer.address, at });
      const peer = peers.find((candidate) => candidate.node === node);
      if (peer === undefined) this.addresses.delete(node);
      else this.write(peer.node, peer.address, message);
    });
  }

  async stop(): Promise<void> {
    for (const socket of [...this.outgoing.values(), ...this.incoming]) socket.terminate();
    const { server } = this;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Peers are looked up for each message, and two lookups may answer the other way round: what was said first is written first. */
  private async inOrder<Result>(write: (peers: readonly Peer[]) => Result): Promise<Result | undefined> {
    this.waiting += 1;
    const mine = this.order.then(async () => {
      try {
        return write(await this.lease.peers());
      } catch (error) {
        this.log.warn({ err: error }, 'a message to another node was not sent');
        return undefined;
      } finally {
        this.waiting -= 1;
      }
    });
    this.order = mine;
    return mine;
  }

  private write(node: number, address: string, message: Uint8Array): void {
    const socket = this.socketTo(node, address);
    if (socket === undefined) return;
    if (socket.readyState === WebSocket.OPEN) {
      if (socket.bufferedAmount + message.length <= QUEUED_BYTES) socket.send(message);
    } else if (socket.readyState === WebSocket.CONNECTING) {
      if (socket.listenerCount('open') < QUEUED_BYTES / MESSAGE_BYTES) {
        socket.once('open', () => {
          socket.send(message);
        });
      }
    }
  }

  /** Undefined while an address rests after a failure. */
  private socketTo(node: number, address: string): WebSocket | undefined {
    const held = this.outgoing.get(node);
    if (held !== undefined && held.url === `${address}/`) return held;
    const now = this.clock.now();
    for (const [failed, at] of this.failed) if (now - at >= REST) this.failed.delete(failed);
    if (this.failed.has(address)) return undefined;
    const socket = new WebSocket(address, {
      headers: { authorization: this.proof(node) },
      perMessageDeflate: false,
      handshakeTimeout: 5_000,
    });
    this.outgoing.set(node, socket);
    socket.on('error', (error) => {
      this.log.warn({ err: error, node }, 'a node link failed');
      this.failed.set(address, this.clock.now());
    });
    socket.on('close', () => {
      if (this.outgoing.get(node) === socket) this.outgoing.delete(node);
      this.addresses.delete(node);
    });
    return socket;
  }

  private receive(from: number, socket: WebSocket): void {
    this.incoming.add(socket);
    socket.on('close', () => this.incoming.delete(socket));
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data: Buffer) => {
      this.listener(from, data);
    });
  }

  private proof(to: number): string {
    const claim = `${String(this.node)}.${String(to)}.${String(this.clock.now())}.${String((this.proofs += 1))}`;
    return `Sotto-Node ${claim}.${this.mac(claim).toString('base64url')}`;
  }

  /** The number of the node that made this proof for us within the last 30 seconds and has not used it before. */
  private proven(header: string): number | undefined {
    const [from, to, at, count, mac] = header.replace(/^Sotto-Node /, '').split('.');
    const now = this.clock.now();
    if (mac === undefined || Number(to) !== this.node || Math.abs(now - Number(at)) > PROOF_LIFE) return undefined;
    const claim = [from, to, at, count].join('.');
    const given = Buffer.from(mac, 'base64url');
    const expected = this.mac(claim);
    if (given.length !== expected.length || !timingSafeEqual(given, expected) || this.spent.has(claim))
      return undefined;
    for (const [old, until] of this.spent) if (until < now) this.spent.delete(old);
    this.spent.set(claim, Number(at) + PROOF_LIFE);
    return Number(from);
  }

  private mac(claim: string): Buffer {
    return createHmac('sha256', this.secret).update(`${LABEL}\0${claim}`).digest();
  }
}
