import type { WebSocket } from 'ws';
import type { Clock } from '../../../libs/platform/clock.js';
import type { CloseName } from '../../../libs/protocol/close-codes.js';
import type { DeviceId } from '../../../libs/protocol/ids.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { closeForRestart, closeSocket } from './close.js';

interface Tracked {
  readonly deviceId: DeviceId | undefined;
  readonly bornAt: number;
  /** Milliseconds; up to a tenth shorter than a day, so that a fleet does not return at once. */
  readonly life: number;
  heardAt: number;
  pingedAt: number;
}

/** Between looks at all sockets: how late one that is silent may be cut, so much less than the silence itself. */
const LOOK_EVERY = 2_500;

/** Closing is spread over this many milliseconds, so that neither other nodes nor the database meet all clients at once (D22). */
const DRAIN_OVER = 20_000;
const DRAIN_STEPS = 40;
/** So few that they may go together. */
const SHARE_AT_LEAST = 50;

const LINK_LIFE = LIMITS.linkSessionLife + 10_000;

/** All sockets of this process: pings them, cuts the silent, ends the old, the revoked, and all of them when the process goes away. */
export class Sockets {
  private readonly tracked = new Map<WebSocket, Tracked>();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  /** Two for all sockets, and not two for each: there are many, and most do nothing. */
  private readonly heard: (this: WebSocket) => void;
  private readonly gone: (this: WebSocket) => void;

  constructor(
    private readonly clock: Clock,
    /** 0 up to 1. */
    private readonly random: () => number,
  ) {
    const { tracked } = this;
    this.heard = function () {
      const of = tracked.get(this);
      if (of !== undefined) of.heardAt = clock.now();
    };
    this.gone = function () {
      tracked.delete(this);
    };
  }

  start(): void {
    this.timer = setInterval(() => {
      this.beat();
    }, LOOK_EVERY);
  }

  /** `deviceId` is undefined for a device that is about to be linked. */
  add(socket: WebSocket, deviceId: DeviceId | undefined): void {
    const now = this.clock.now();
    const life = deviceId === undefined ? LINK_LIFE : LIMITS.socketLife * (1 - this.random() / 10);
    const tracked: Tracked = { deviceId, bornAt: now, life, heardAt: now, pingedAt: now };
    this.tracked.set(socket, tracked);
    socket.on('pong', this.heard);
    socket.on('close', this.gone);
    // Admitted before the door was shut.
    if (this.stopping) closeForRestart(socket, this.random());
  }

  closeDevices(deviceIds: readonly DeviceId[], name: CloseName): void {
    const ids = new Set(deviceIds);
    for (const [socket, { deviceId }] of this.tracked)
      if (deviceId !== undefined && ids.has(deviceId)) closeSocket(socket, name);
  }

  get size(): number {
    return this.tracked.size;
  }

  /** All at once, each told when to come back. */
  closeAll(): void {
    for (const socket of this.tracked.keys()) closeForRestart(socket, this.random());
  }

  /**
   * Every client is told when to come back, few at once where there are many; resolves when all are gone, at most after twenty seconds and
   * the grace of a close.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    const sockets = [...this.tracked.keys()];
    const share = Math.max(SHARE_AT_LEAST, Math.ceil(sockets.length / DRAIN_STEPS));
    for (let from = 0; from < sockets.length; from += share) {
      if (from > 0) await new Promise((resolve) => setTimeout(resolve, DRAIN_OVER / DRAIN_STEPS));
      for (const socket of sockets.slice(from, from + share)) closeForRestart(socket, this.random());
    }
    const left = [...this.tracked.keys()];
    await Promise.all(left.map(async (socket) => new Promise((resolve) => socket.once('close', resolve))));
    clearInterval(this.timer);
  }

  private beat(): void {
    const now = this.clock.now();
    for (const [socket, tracked] of this.tracked) {
      const { bornAt, life, heardAt, pingedAt } = tracked;
      if (now - heardAt > LIMITS.socketSilence) {
        closeSocket(socket, 'silent');
        socket.terminate();
      } else if (now - bornAt > life) closeSocket(socket, 'lifetime');
      else if (now - pingedAt >= LIMITS.heartbeat) {
        tracked.pingedAt = now;
        socket.ping();
      }
    }
  }
}
