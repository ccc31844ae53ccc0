import { LIMITS } from '../protocol/limits.js';
import { ServerClock } from './clock.js';
import { SottoError, sottoError } from './errors.js';
import { isOver } from './events.js';
import type { Host } from './host.js';
import { pendingState } from './rest.js';
import { abandonLinking, linkingUntil, loadSelf, settleLinking, type Self } from './store/self.store.js';
import type { Store } from './store/store.js';
import { Tokens } from './tokens.js';

/** `linked`: a list names this device. `gone`: none does and none will. */
type Verdict = 'linked' | 'waiting' | 'denied' | 'gone';

const OFTEN = 1_000;
const SELDOM = 15_000;
/** Clocks differ, and the last answer may be on its way. */
const GRACE = 60_000;

/**
 * What became of the linking of this device, when nobody has told it: after a lost connection, a restart, or while an admin is asked. The server
 * holds a pending device or a device, and says which; only a grant for this device's own key counts as yes, and what the list then says is
 * verified against the account key that came sealed from the old device.
 *
 * Returns when the device is one. Throws `link_waiting` when that is open, and the server's being away: the store is kept for the next try. Throws
 * `link_denied` and `failure` (else `link_unfinished`) when it is over: then the store is nobody's.
 */
export async function settleLink(
  store: Store,
  host: Host,
  options: { readonly failure?: SottoError } = {},
): Promise<void> {
  const self = loadSelf(store);
  const until = linkingUntil(store);
  if (self === undefined || until === undefined) return;
  const verdict = await ask(store, host, self);
  if (verdict === 'waiting') throw new SottoError('link_waiting', { detail: new Date(until).toISOString() });
  store.transact(verdict === 'linked' ? settleLinking : abandonLinking);
  if (verdict === 'denied') throw new SottoError('link_denied');
  if (verdict === 'gone') throw options.failure ?? new SottoError('link_unfinished');
}

/** `settleLink` again and again until it is decided, the time is over, or `signal` aborts: then `link_waiting`. */
export async function awaitLink(
  store: Store,
  host: Host,
  options: { readonly failure?: SottoError; readonly signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  const began = host.now();
  const last = (linkingUntil(store) ?? began) + GRACE;
  for (;;) {
    try {
      await settleLink(store, host, options);
      return;
    } catch (error) {
      const open = ['link_waiting', 'unreachable'].includes(sottoError(error)?.code ?? '');
      if (!open || signal.aborted || host.now() > last) throw error;
    }
    await host.delay(host.now() - began < LIMITS.linkSessionLife ? OFTEN : SELDOM, signal);
    if (isOver(signal)) throw new SottoError('link_waiting');
  }
}

/** The old device has refused, and has surely listed nothing unless the server knows this device. */
export async function settleRefused(store: Store, host: Host, failure: SottoError): Promise<void> {
  try {
    await settleLink(store, host, { failure });
  } catch (error) {
    if (sottoError(error) === undefined) throw error;
    store.transact(abandonLinking);
    throw failure;
  }
}

async function ask(store: Store, host: Host, self: Self): Promise<Verdict> {
  const address = { host, server: self.server };
  const pending = await pendingState(address, self.deviceId);
  if (pending?.state === 'denied') return 'denied';
  if (pending !== undefined) return 'waiting';
  const tokens = new Tokens(store, new ServerClock(host, store), address, () => Promise.resolve());
  try {
    await tokens.get();
    return 'linked';
  } catch (error) {
    if (sottoError(error)?.code === 'assertion_invalid') return 'gone';
    throw error;
  }
}
