import type { GapReason } from '../protocol/mail.js';
import type { TombstoneReason } from '../protocol/device-list.js';
import type { AccountId, DeviceId, ListVersion } from '../protocol/ids.js';
import type { PrekeyStock } from '../protocol/prekeys.js';
import type { SottoError } from './errors.js';

/** What happens beside messages; nothing here needs an answer. */
export type ClientEvent =
  | { readonly kind: 'connected'; readonly head: number }
  | { readonly kind: 'disconnected'; readonly code: number | undefined; readonly retryInMs: number }
  /** The client does not connect by itself any more. */
  | { readonly kind: 'stopped'; readonly error: SottoError }
  /** Everything that waited at connect time has been received. */
  | { readonly kind: 'queue-empty' }
  | { readonly kind: 'devices-changed'; readonly accountId: AccountId; readonly listVersion: ListVersion }
  /** A device of the own account that this one did not know of. `name`: as far as this device was told; `addedBy`: a device, or the recovery code. */
  | {
      readonly kind: 'device-added';
      readonly deviceId: DeviceId;
      readonly name: string | undefined;
      readonly addedOnDay: number;
      readonly addedBy: DeviceId | 'account-key';
      readonly mayLink: boolean;
    }
  /** A device of the own account is removed for good. */
  | {
      readonly kind: 'device-removed';
      readonly deviceId: DeviceId;
      readonly name: string | undefined;
      readonly day: number;
      readonly reason: TombstoneReason;
    }
  /** A new device that was confirmed here is not added before an admin has approved it, at the latest then (milliseconds since the epoch). */
  | {
      readonly kind: 'link-waiting';
      readonly deviceId: DeviceId;
      readonly name: string;
      readonly fingerprint: string;
      readonly until: number;
    }
  /** The end of a linking that was left open; without an error the device is added. */
  | {
      readonly kind: 'link-decided';
      readonly deviceId: DeviceId;
      readonly name: string;
      readonly error: SottoError | undefined;
    }
  /** The server removed mail that this device never had, by age, by stock, or as poison; `from` and `to` are its numbers. */
  | { readonly kind: 'mail-lost'; readonly from: number; readonly to: number; readonly reason: GapReason }
  /** Not opened, and not acked. Told once; what may be opened later, because the server could not be asked, is tried again. */
  | {
      readonly kind: 'undecryptable';
      readonly senderAccount: AccountId | undefined;
      readonly senderDevice: DeviceId | undefined;
      readonly sequence: number;
      readonly reason: string;
    }
  /** These sequences of the mailbox never came and later ones did: the server dropped that mail, or it expired. */
  | { readonly kind: 'mail-missing'; readonly from: number; readonly to: number }
  | { readonly kind: 'prekeys-low'; readonly stock: PrekeyStock }
  /** Something in the background did not work and will be tried again. */
  | { readonly kind: 'trouble'; readonly error: SottoError }
  /** The server knows a later state than this store: it was restored or copied. All sessions were given up. */
  | { readonly kind: 'store-restored' }
  /** The server's database was restored from a backup or replaced: what it took since may be missing there. This device tells it anew. */
  | { readonly kind: 'reset' };

export type EventListener = (event: ClientEvent) => void;

/** Calls every listener at once, in the order they came; there is no buffer to overflow. */
export class Events {
  private readonly listeners = new Set<EventListener>();

  subscribe(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: ClientEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

/** Asked anew after each await, where the compiler still believes its last answer. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** A bell that wakes whoever waits at that moment. */
export class Bell {
  private waiting: (() => void)[] = [];

  ring(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  /** Resolves at the next ring, or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.waiting.push(done);
    });
  }
}
