import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Letter } from './wire.js';

/** `flood`: sends without heed of limits. `hoard`: never acks. `slow`: leaves its socket unread most of the time. */
export type Manner = 'flood' | 'hoard' | 'slow';

export interface Rascal {
  readonly manner: Manner;
  readonly socket: WebSocket;
  /** To another that misbehaves. */
  readonly letter: Letter;
}

const TICK_MS = 100;
const FLOOD_EACH_TICK = 2;

/** Until it is stopped. What goes to or comes from those that misbehave is not part of any figure. */
export class Mischief {
  private readonly timer: NodeJS.Timeout;
  private lastId = 2 ** 27;

  constructor(rascals: readonly Rascal[]) {
    this.timer = setInterval(() => {
      for (const rascal of rascals) this.misbehave(rascal);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private misbehave({ manner, socket, letter }: Rascal): void {
    if (socket.readyState !== socket.OPEN) return;
    const count = manner === 'flood' ? FLOOD_EACH_TICK : Number(Math.random() < 0.1);
    for (let index = 0; index < count; index += 1) {
      this.lastId += 1;
      socket.send(letter.stamped(this.lastId, performance.now()));
    }
    if (manner === 'slow') void readForAMoment(socket);
  }
}

async function readForAMoment(socket: WebSocket): Promise<void> {
  socket.resume();
  await sleep(1);
  socket.pause();
}
