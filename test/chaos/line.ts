import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../conformance/client/account.js';
import { settled } from '../conformance/client/look.js';
import { UpgradeRefused, type Stream } from '../conformance/client/stream.js';
import type { Ledger } from './ledger.js';

const PATIENCE = 6_000;

/** Undefined when there is no way in now. */
export async function connected(account: Account, node: number, device = account.phone): Promise<Stream | undefined> {
  const connecting = device.connect(node);
  const stream = await settled(Promise.race([connecting, late()]));
  if (!(stream instanceof Error)) return stream;
  // One that comes after all is nobody's, and would keep the mailbox's stream.
  void settled(connecting.then((comesLate) => comesLate.cut()));
  // A token that could not be bought is remembered as such; one that is refused has run out.
  if (!(stream instanceof UpgradeRefused) || stream.status === 401) device.forgetToken();
  return undefined;
}

async function late(): Promise<never> {
  await sleep(PATIENCE, undefined, { ref: false });
  throw new Error('no connection in time');
}

/** What a stream was told by `ready`, told on to the ledger; undefined until it is there. */
export function incarnationOf(
  stream: Stream,
  { client, ledger }: { readonly client: string; readonly ledger: Ledger },
): string | undefined {
  const ready = stream.heard.find(({ kind }) => kind === 'ready');
  if (ready?.kind !== 'ready') return undefined;
  const incarnation = ready.body.incarnation.toString('hex');
  ledger.hear(client, incarnation, ready.at);
  return incarnation;
}
