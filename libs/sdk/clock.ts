import type { Host } from './host.js';
import { clockOffset, saveClockOffset } from './store/self.store.js';
import type { Store } from './store/store.js';

/** The server's time as well as we know it: this machine's clock and an offset that the server once told and the store keeps. */
export class ServerClock {
  private offset: number;

  constructor(
    private readonly host: Host,
    private readonly store: Store,
  ) {
    this.offset = clockOffset(store);
  }

  now(): number {
    return this.host.now() + this.offset;
  }

  /** Believes the server about what time it is, in milliseconds since the epoch. */
  heal(serverTime: number): void {
    this.offset = serverTime - this.host.now();
    this.store.transact((tx) => {
      saveClockOffset(tx, this.offset);
    });
  }
}
