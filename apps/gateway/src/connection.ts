import type { WebSocket } from 'ws';
import type { Prekeys } from '../../../libs/keys/prekeys.js';
import type { MailboxNo } from '../../../libs/mailbox/guards.js';
import type { Drain } from '../../../libs/messaging/drain.js';
import type { Sender } from '../../../libs/messaging/send.js';
import type { Stream, StreamEnd } from '../../../libs/messaging/stream.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { CloseName } from '../../../libs/protocol/close-codes.js';
import { decodeClientFrame, encodeServerFrame, type Ack, type ServerFrame } from '../../../libs/protocol/frames.js';
import type { Caller, ListVersion } from '../../../libs/protocol/ids.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import type { LinkFrame } from '../../../libs/protocol/link-frames.js';
import { problem } from '../../../libs/protocol/problems.js';
import type { SendRequest } from '../../../libs/protocol/send-request.js';
import type { LinkingSessions } from '../../../libs/realtime/linking-session.js';
import { closeSocket } from './close.js';

const SENDS_UNDER_WAY = 64;

/** What the upgrade has proved: who calls, and which mailbox is theirs. */
export interface Admitted {
  readonly caller: Caller;
  readonly mailboxNo: MailboxNo;
  readonly listVersion: ListVersion;
}

export interface ConnectionParts {
  readonly db: Db;
  readonly sender: Sender;
  readonly drain: Drain;
  readonly prekeys: Prekeys;
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
};

/**
 * One authenticated socket: bytes in become sends and acks, the device's stream becomes bytes out.
 *
 * The socket is read only once the stream is taken and `ready` is written, so no frame is handled before. At most 64 sends are under way;
 * then the socket is not read on until one is answered. Out, at most 256 KiB stand in the socket's buffer; then the stream is not read on.
 */
export class Connection {
  private readonly ending = new AbortController();
  private sendsUnderWay = 0;
  private stream: Stream | undefined;
  private drained: (() => void) | undefined;

  constructor(
    private readonly socket: WebSocket,
    readonly admitted: Admitted,
    private readonly parts: ConnectionParts,
  ) {
    socket.pause();
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.receive(data as Buffer);
      else socket.close(1003, 'binary frames only');
    });
    socket.on('close', () => {
      this.ending.abort();
      this.drained?.();
    });
    socket.on('error', () => {
      socket.terminate();
    });
  }

  /** Until the socket is closed, by whichever side. */
  async run(): Promise<void> {
    try {
      const stream = await this.parts.drain.open(this.admitted.mailboxNo, (notice) => {
        if (notice.kind === 'devices-changed') this.write({ kind: 'devices-changed', listVersion: notice.listVersion });
        else this.write({ kind: 'prekeys-low', stock: notice.stock });
      });
      if (stream === 'closed') closeSocket(this.socket, 'revoked');
      else await this.serve(stream);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a connection could not be served');
      closeSocket(this.socket, 'unavailable');
    }
  }

  close(name: CloseName): void {
    closeSocket(this.socket, name);
  }

  private async serve(stream: Stream): Promise<void> {
    this.stream = stream;
    try {
      const stock = await this.parts.prekeys.stock(this.parts.db, this.admitted.caller.deviceId);
      const { incarnation, clock } = this.parts;
      const { listVersion } = this.admitted;
      const ready = {
        incarnation,
        serverTime: clock.now(),
        head: stream.startHead,
        stock,
        listVersion,
        maxUnacked: LIMITS.unackedEnvelopes,
      };
      this.write({ kind: 'ready', ready });
      this.socket.resume();
      for await (const event of stream.events(this.ending.signal)) {
        this.write(event.kind === 'envelopes' ? { kind: 'deliveries', envelopes: event.envelopes } : event);
        await this.roomInBuffer();
      }
      closeSocket(this.socket, CLOSE_FOR[stream.ended ?? 'stopped']);
    } finally {
      await this.parts.drain.close(stream);
    }
  }

  private receive(bytes: Buffer): void {
    const frame = decodeClientFrame(bytes);
    switch (frame.kind) {
      case 'send':
        void this.send(frame.id, frame.request);
        return;
      case 'acks':
        void this.acknowledge(frame.acks);
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
        void this.link(frame.link);
    }
  }

  private async send(id: number, request: SendRequest): Promise<void> {
    this.sendsUnderWay += 1;
    if (this.sendsUnderWay >= SENDS_UNDER_WAY) this.socket.pause();
    try {
      this.write({ kind: 'answer', id, outcome: await this.parts.sender.send(this.admitted.caller, request) });
    } catch (error) {
      this.parts.log.error({ err: error }, 'a send failed');
      this.write({
        kind: 'answer',
        id,
        outcome: problem('internal', 'the send failed; send it again under the same key', { retryAfterMs: 1_000 }),
      });
    } finally {
      this.sendsUnderWay -= 1;
      if (this.sendsUnderWay < SENDS_UNDER_WAY && this.socket.isPaused) this.socket.resume();
    }
  }

  private async acknowledge(acks: readonly Ack[]): Promise<void> {
    if (this.stream === undefined) return;
    try {
      for (const { sequence, id } of await this.parts.drain.acknowledge(this.stream, acks))
        this.write({ kind: 'ack-refused', sequence, id });
    } catch (error) {
      this.parts.log.warn({ err: error }, 'acks were not applied; what they named comes again');
      closeSocket(this.socket, 'unavailable');
    }
  }

  private async link(frame: LinkFrame): Promise<void> {
    try {
      await this.parts.sessions.fromOld(this.admitted.caller, frame, (link) => {
        this.write({ kind: 'link', link });
      });
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a linking step failed');
      this.write({ kind: 'link', link: { session: frame.session, step: 'ended', reason: 'unknown' } });
    }
  }

  private write(frame: ServerFrame): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(encodeServerFrame(frame), () => {
      if (this.socket.bufferedAmount <= LIMITS.socketBufferBytes) this.drained?.();
    });
  }

  private async roomInBuffer(): Promise<void> {
    if (this.socket.bufferedAmount <= LIMITS.socketBufferBytes || this.ending.signal.aborted) return;
    await new Promise<void>((resolve) => (this.drained = resolve));
    this.drained = undefined;
  }
}
