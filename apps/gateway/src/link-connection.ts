import type { WebSocket } from 'ws';
import type { Gate, Network } from '../../../libs/auth/gate.js';
import type { PendingDevices } from '../../../libs/devices/pending.js';
import type { Logger } from '../../../libs/platform/log.js';
import { decodeClientFrame, encodeServerFrame } from '../../../libs/protocol/frames.js';
import type { LinkFrame } from '../../../libs/protocol/link-frames.js';
import type { DeviceRegistration } from '../../../libs/protocol/prekeys.js';
import { problem, type Problem } from '../../../libs/protocol/problems.js';
import type { LinkingSessions } from '../../../libs/realtime/linking-session.js';
import { closeSocket } from './close.js';

export interface LinkConnectionParts {
  readonly sessions: LinkingSessions;
  readonly pending: PendingDevices;
  readonly gate: Gate;
  readonly log: Logger;
}

/** A registration with all its prekeys has about 180 KiB; nobody has proved anything here yet, so no more is decoded. */
const FRAME_BYTES = 256 * 1024;

/** The socket of a device that is about to be linked: it has no caller, and its session id is all it may use. */
export class LinkConnection {
  private session: Uint8Array | undefined;
  private registering = false;

  constructor(
    private readonly socket: WebSocket,
    from: Network,
    private readonly parts: LinkConnectionParts,
  ) {
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.receive(data as Buffer);
      else socket.close(1003, 'binary frames only');
    });
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('close', () => {
      if (this.session === undefined) return;
      if (parts.sessions.claimer(this.session) === undefined) void parts.gate.failed(from).catch(ignore);
      parts.sessions.leave(this.session);
    });
    this.session = parts.sessions.open((frame) => {
      this.write(frame);
      if (frame.step === 'ended') closeSocket(this.socket, 'link_ended', frame.reason);
    });
    if (this.session === undefined) closeSocket(socket, 'link_ended', 'too many linking sessions; try again');
  }

  private receive(bytes: Buffer): void {
    if (bytes.length > FRAME_BYTES) {
      closeSocket(this.socket, 'malformed', 'a linking frame is smaller');
      return;
    }
    const frame = decodeClientFrame(bytes);
    if (frame.kind !== 'link' || this.session === undefined || !Buffer.from(frame.link.session).equals(this.session)) {
      closeSocket(this.socket, 'malformed', 'only linking frames of the own session are taken here');
      return;
    }
    if (frame.link.step === 'sealed') this.parts.sessions.fromNew(this.session, frame.link.sealed);
    else if (frame.link.step === 'register') void this.register(this.session, frame.link.registration);
    else closeSocket(this.socket, 'malformed', `a new device does not say ${frame.link.step}`);
  }

  /** Once a session, and only after a device of the account has claimed it. */
  private async register(session: Uint8Array, registration: DeviceRegistration): Promise<void> {
    const caller = this.parts.sessions.claimer(session);
    if (caller === undefined || this.registering) {
      this.refuse(problem('not_allowed', 'a session registers one device, after it was claimed'));
      return;
    }
    this.registering = true;
    try {
      const held = await this.parts.pending.hold({ session, caller, registration });
      if (held.kind === 'problem') this.refuse(held);
      else {
        const { approvalUntil } = held;
        this.write({ session, step: 'registered', ...(approvalUntil === undefined ? {} : { approvalUntil }) });
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'a pending device could not be held');
      this.refuse(problem('internal', 'the registration failed; begin the linking anew'));
    }
  }

  private refuse(refusal: Problem): void {
    if (this.socket.readyState === this.socket.OPEN)
      this.socket.send(encodeServerFrame({ kind: 'problem', problem: refusal }));
    closeSocket(this.socket, 'link_ended', refusal.code);
  }

  private write(link: LinkFrame): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(encodeServerFrame({ kind: 'link', link }));
  }
}

function ignore(): void {
  // A failure that could not be counted: the database is away, and nothing is linked without it.
}
