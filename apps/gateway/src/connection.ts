import type { WebSocket } from 'ws';
import type { Prekeys } from '../../../libs/keys/prekeys.js';
import type { Guards, MailboxNo } from '../../../libs/mailbox/guards.js';
import type { Drain } from '../../../libs/messaging/drain.js';
import type { Sender } from '../../../libs/messaging/send.js';
import type { NoticeListener, Stream, StreamEnd, StreamEvent } from '../../../libs/messaging/stream.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { CloseName } from '../../../libs/protocol/close-codes.js';
import { decodeClientFrame, encodeServerFrame, type ServerFrame } from '../../../libs/protocol/frames.js';
import type { Ack, Nack } from '../../../libs/protocol/mail.js';
import type { Caller } from '../../../libs/protocol/ids.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import type { LinkFrame } from '../../../libs/protocol/link-frames.js';
import { problem } from '../../../libs/protocol/problems.js';
import type { SendRequest } from '../../../libs/protocol/send-request.js';
import type { LinkingSessions } from '../../../libs/realtime/linking-session.js';
import { closeSocket } from './close.js';
import { FrameWriter, type Line } from './frame-writer.js';

const FRAMES_UNDER_WAY = 64;

/** What the upgrade has proved: who calls, and which mailbox is theirs. */
export interface Admitted {
  readonly caller: Caller;
  readonly mailboxNo: MailboxNo;
}

export interface ConnectionParts {
  readonly db: Db;
  readonly sender: Sender;
  readonly drain: Drain;
  readonly prekeys: Prekeys;
  readonly guards: Guards;
  readonly sessions: LinkingSessions;
  /** 8 bytes. */
  readonly incarnation: Uint8Array;
  readonly clock: Clock;
  readonly log: Logger;
}

const CLOSE_FOR: Record<StreamEnd, CloseName> = {
  displaced: 'displaced',
  closed: 'revoked',
  unavailable: 'unavailable',
  stopped: 'internal',
  astray: 'malformed',
};

/**
 * One authenticated socket: bytes in become sends and acks, the device's stream becomes bytes out.
 *
 * The socket is read only once the stream is taken and `ready` is written, so no frame is handled before, and no notice precedes it.
 * While 64 frames are under way, or 256 KiB stand in the socket's buffer, neither the socket nor the stream is read on (D21).
 */
export class Connection {
  private underWay = 0;
  /** Where the relay of a linking session writes to; undefined for who links no device. */
  private linkSink: ((link: LinkFrame) => void) | undefined;
  /** News that came before `ready`; undefined from then on. */
  private early: Map<string, ServerFrame> | undefined = new Map();
  private stream: Stream | undefined;
  private drained: (() => void) | undefined;
  private readonly socket: WebSocket;
  private readonly writer: FrameWriter;

  constructor(
    line: Line,
    readonly admitted: Admitted,
    private readonly parts: ConnectionParts,
  ) {
    const { socket } = line;
    this.socket = socket;
    this.writer = new FrameWriter(line, () => {
      if (!this.isFull) this.drained?.();
      this.regulate();
    });
    socket.pause();
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.receive(data as Buffer);
      else socket.close(1003, 'binary frames only');
    });
    socket.on('close', () => {
      this.stream?.end('stopped');
      this.drained?.();
      if (this.linkSink !== undefined) void parts.sessions.oldLeft(this.linkSink);
    });
    socket.on('error', terminate);
  }

  /** Takes the stream, and serves it until the socket is closed, by whichever side. */
  async start(): Promise<void> {
    try {
      const { caller, mailboxNo } = this.admitted;
      const stream = await this.parts.drain.open(mailboxNo, this.onNotice, caller.tenantId);
      if (stream === 'closed') closeSocket(this.socket, await this.closedAs());
      else void this.serve(stream);
    } catch (error) {
      this.broken(error);
    }
  }

  close(name: CloseName): void {
    closeSocket(this.socket, name);
  }

  /** A connection that does nothing waits here, so as little as possible is kept while it does. */
  private async serve(stream: Stream): Promise<void> {
    this.stream = stream;
    if (this.socket.readyState === this.socket.CLOSED) stream.end('stopped');
    try {
      await this.welcome(stream);
      for (let event = await stream.next(); event !== undefined; event = await stream.next()) {
        this.give(event);
        if (this.isFull) await this.roomInBuffer();
      }
      const { ended = 'stopped' } = stream;
      closeSocket(this.socket, ended === 'closed' ? await this.closedAs() : CLOSE_FOR[ended]);
    } catch (error) {
      this.broken(error);
    } finally {
      await this.parts.drain.close(stream);
    }
  }

  private async welcome(stream: Stream): Promise<void> {
    const { prekeys, db, incarnation, clock } = this.parts;
    const stock = await prekeys.stock(db, this.admitted.caller.deviceId);
    const { head, listVersion } = stream.start;
    const maxUnacked = LIMITS.unackedEnvelopes;
    this.write({
      kind: 'ready',
      ready: { incarnation, serverTime: clock.now(), head, stock, listVersion, maxUnacked },
    });
    const early = this.early?.values() ?? [];
    this.early = undefined;
    for (const notice of early) this.write(notice);
    this.socket.resume();
  }

  private broken(error: unknown): void {
    this.parts.log.warn({ err: error }, 'a connection could not be served');
    closeSocket(this.socket, 'unavailable');
  }

  private give(event: StreamEvent): void {
    if (event.kind === 'envelopes') this.write({ kind: 'deliveries', envelopes: event.envelopes });
    else if (event.kind !== 'ephemeral') this.write(event);
    else if (this.parts.clock.now() - event.acceptedAt <= LIMITS.ephemeralLife) this.writeBytes(event.frame);
  }

  /** Suspended is come back from, revoked is not. */
  private async closedAs(): Promise<CloseName> {
    const { guards, db } = this.parts;
    return (await guards.isSuspended(db, this.admitted.mailboxNo)) ? 'suspended' : 'revoked';
  }

  private receive(bytes: Buffer): void {
    const frame = decodeClientFrame(bytes);
    switch (frame.kind) {
      case 'send':
        void this.during(this.send(frame.id, frame.request));
        return;
      case 'acks':
        void this.during(this.acknowledge(frame.acks));
        return;
      case 'nack':
        void this.during(this.refuse(frame.nack));
        return;
      case 'refused-send':
        this.write({ kind: 'answer', id: frame.id, outcome: frame.problem });
        return;
      case 'refused':
        this.write({ kind: 'problem', problem: frame.problem });
        return;
      case 'malformed':
        closeSocket(this.socket, 'malformed', frame.detail);
        return;
      case 'link':
        void this.during(this.link(frame.link));
    }
  }

  /** One frame is under way. */
  private async during(work: Promise<void>): Promise<void> {
    this.underWay += 1;
    this.regulate();
    await work;
    this.underWay -= 1;
    this.regulate();
  }

  /** Reads on only while there is room for what reading leads to. */
  private regulate(): void {
    const full = this.underWay >= FRAMES_UNDER_WAY || this.isFull;
    if (full && !this.socket.isPaused) this.socket.pause();
    else if (!full && this.socket.isPaused && this.early === undefined) this.socket.resume();
  }

  private async send(id: number, request: SendRequest): Promise<void> {
    try {
      this.write({ kind: 'answer', id, outcome: await this.parts.sender.send(this.admitted.caller, request) });
    } catch (error) {
      this.parts.log.error({ err: error }, 'a send failed');
      this.write({
        kind: 'answer',
        id,
        outcome: problem('internal', 'the send failed; send it again under the same key', { retryAfterMs: 1_000 }),
      });
    }
  }

  private async acknowledge(acks: readonly Ack[]): Promise<void> {
    if (this.stream === undefined) return;
    try {
      for (const { sequence, id } of await this.parts.drain.acknowledge(this.stream, acks))
        this.write({ kind: 'ack-refused', sequence, id });
    } catch (error) {
      this.parts.log.warn({ err: error }, 'an ack of a gap was not applied; the gap comes again');
      closeSocket(this.socket, 'unavailable');
    }
  }

  private async refuse(nack: Nack): Promise<void> {
    if (this.stream === undefined) return;
    try {
      const { sequence, id } = nack;
      if (!(await this.parts.drain.refuse(this.stream, nack))) this.write({ kind: 'ack-refused', sequence, id });
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a nack was not noted; what it named comes again');
      closeSocket(this.socket, 'unavailable');
    }
  }

  private async link(frame: LinkFrame): Promise<void> {
    this.linkSink ??= (link) => {
      this.write({ kind: 'link', link });
    };
    try {
      await this.parts.sessions.fromOld(this.admitted.caller, frame, this.linkSink);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a linking step failed');
      this.write({ kind: 'link', link: { session: frame.session, step: 'ended', reason: 'unknown' } });
    }
  }

  private readonly onNotice: NoticeListener = (notice) => {
    if (notice.kind === 'devices-changed') this.tell({ kind: 'devices-changed', listVersion: notice.listVersion });
    else this.tell({ kind: 'prekeys-low', stock: notice.stock });
  };

  /** A notice; before `ready` only the latest of each kind is kept. */
  private tell(notice: ServerFrame): void {
    if (this.early === undefined) this.write(notice);
    else this.early.set(notice.kind, notice);
  }

  private write(frame: ServerFrame): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.writeBytes(encodeServerFrame(frame));
  }

  private writeBytes(bytes: Uint8Array): void {
    this.writer.write(bytes);
    this.regulate();
  }

  private get isFull(): boolean {
    return this.socket.bufferedAmount > LIMITS.socketBufferBytes;
  }

  private async roomInBuffer(): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return;
    await new Promise<void>((resolve) => (this.drained = resolve));
    this.drained = undefined;
  }
}

function terminate(this: WebSocket): void {
  this.terminate();
}
