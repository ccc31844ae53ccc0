import { equalBytes } from '../protocol/bytes.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import type { SignedList, VerifiedList } from '../protocol/device-chain.js';
import { decodeDeviceList } from '../protocol/device-list.js';
import type { AccountId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { PROBLEMS } from '../protocol/problems.js';
import { sha256 } from './crypto.js';
import { sottoError } from './errors.js';
import type { Host } from './host.js';
import type { Rest } from './rest.js';
import { loadAccount } from './store/accounts.store.js';
import { loadOwnLists, saveOwnList } from './store/own-lists.store.js';
import type { Store, Tx } from './store/store.js';

/**
 * Keeps those of the lists that lead to the verified last one: each is named in the next by its hash. Signatures were checked with the list
 * that came last; a server that gives a wrong one for an earlier list only spoils what it could be told after a restore.
 */
export function keepHistory(tx: Tx, lists: readonly SignedList[], last: VerifiedList): void {
  // What is held of the last one lacks the signature of a rotation.
  saveOwnList(tx, last.list, lists.find(({ bytes }) => equalBytes(bytes, last.signed.bytes)) ?? last.signed);
  let { previousHash } = last.list;
  for (const signed of lists.toReversed()) {
    if (!equalBytes(sha256(signed.bytes), previousHash)) continue;
    const list = decodeDeviceList(signed.bytes);
    if (list === undefined) return;
    saveOwnList(tx, list, signed);
    ({ previousHash } = list);
  }
}

/** What this device knows of its account, as a server that was restored is told it (D26). */
function historyOf(store: Store, accountId: AccountId): DeviceChain | undefined {
  const held = loadAccount(store, accountId);
  if (held === undefined) return undefined;
  const { listVersion, tombstones } = held;
  return { accountId, listVersion, tombstones, lists: loadOwnLists(store, LIMITS.listsInAnswer) };
}

/** Rests between tries, in milliseconds: as long as nothing is told, nothing is sent. */
const RESTS = [1_000, 2_000, 4_000, 8_000];

/** The refusal when the server cannot take it. What asking again may heal is asked again, for a quarter of a minute, and thrown then. */
export async function offerHistory(
  { store, rest, host }: { readonly store: Store; readonly rest: Pick<Rest, 'offerHistory'>; readonly host: Host },
  accountId: AccountId,
  signal: AbortSignal,
): Promise<ReturnType<typeof sottoError>> {
  const history = historyOf(store, accountId);
  if (history === undefined) return undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      await rest.offerHistory(history);
      return undefined;
    } catch (error) {
      const known = sottoError(error);
      if (known?.problem !== undefined && PROBLEMS[known.problem.code].retry !== 'later') return known;
      const pause = RESTS[tries];
      if (pause === undefined || signal.aborted) throw error;
      await host.delay(pause, signal);
    }
  }
}
