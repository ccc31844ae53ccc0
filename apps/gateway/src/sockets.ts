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
}

const LINK_LIFE = LIMITS.linkSessionLife + 10_000;

/** All sockets of this process: pings them, cuts the silent, ends the old, the revoked, and all of them when the process goes away. */
export class Sockets {
  private readonly tracked = new Map<WebSocket, Tracked>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    /** 0 up to 1. */
    private readonly random: () => number,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.beat();
    }, LIMITS.heartbeat);
  }

  /** `deviceId` is undefined for a device that is about to be linked. */
  add(socket: WebSocket, deviceId: DeviceId | undefined): void {
    const now = this.clock.now();
    const life = deviceId === undefined ? LINK_LIFE : LIMITS.socketLife * (1 - this.random() / 10);
    const tracked: Tracked = { deviceId, bornAt: now, life, heardAt: now };
    this.tracked.set(socket, tracked);
    socket.on('pong', () => (tracked.heardAt = this.clock.now()));
    socket.on('close', () => this.tracked.delete(socket));
  }

  closeDevices(deviceIds: readonly DeviceId[], name: CloseName): void {
    const ids = new Set(deviceIds);
    for (const [socket, { deviceId }] of this.tracked)
      if (deviceId !== undefined && ids.has(deviceId)) closeSocket(socket, name);
  }

  get size(): number {
    return this.tracked.size;
  }

  /** Every client is told when to come back; resolves when all are gone, at most after the grace of a close. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const gone = [...this.tracked.keys()].map(
      async (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const socket of this.tracked.keys()) closeForRestart(socket, this.random());
    await Promise.all(gone);
  }

  private beat(): void {
    const now = this.clock.now();
    for (const [socket, { bornAt, life, heardAt }] of this.tracked) {
      if (now - heardAt > LIMITS.socketSilence) {
        closeSocket(socket, 'silent');
        socket.terminate();
      } else if (now - bornAt > life) closeSocket(socket, 'lifetime');
      else socket.ping();
    }
  }
}
