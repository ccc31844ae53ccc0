import { appendAudit } from '../audit/audit.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { MasterKey } from '../platform/secrets.js';
import type { AuditAction } from '../protocol/bodies.js';
import type { Brand } from '../protocol/brand.js';
import { isUuid } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { ed25519PrivateKey, rawPublicKey } from './ed25519.js';
import { OPERATOR } from './operator.js';
import * as store from './signing-keys.store.js';

export const WRAP_CONTEXT = 'signing-key';

interface Parts {
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Every process has read the table twice by then. */
const KNOWN_AFTER_MS = 10_000;
/** Clocks differ, and a process may have signed with the old key a little longer. */
const MARGIN_MS = 5 * 60 * 1000;

/** The first key of an installation; made by one process, however many need it at once, under an advisory lock. */
export async function makeFirstKey(db: Db, parts: Parts): Promise<void> {
  await db.transact(async (tx) => {
    await store.lockKeys(tx);
    if ((await store.selectKeys(tx)).length === 0) await insert(tx, parts, parts.clock.now());
  });
}

export interface Rotated {
  readonly kid: string;
  /** Milliseconds since the epoch: from then on it signs; until then all older keys verify. */
  readonly signsFrom: number;
  readonly oldEndAt: number;
}

/**
 * A new key, and an end for all others. Every process picks it up by itself before it signs; what the old one signed is good until its
 * last token is dead. `oldEndNow`, for a key that somebody else has: the new one signs at once and no older token is good any more.
 * Throws ConfigError when a key that is there was wrapped by another master key.
 */
export async function rotateSigningKey(
  db: Db,
  parts: Parts,
  wanted: { readonly oldEndNow: boolean; readonly reason: string | undefined },
): Promise<Rotated> {
  return db.transact(async (tx) => {
    await store.lockKeys(tx);
    const now = parts.clock.now();
    const held = await store.selectKeys(tx);
    // A key under a foreign master key would be one that no process can use.
    for (const { wrapped } of held) parts.masterKey.unwrap(wrapped, WRAP_CONTEXT);
    // An installation that was only just made has nothing to wait for.
    const signsFrom = wanted.oldEndNow || held.length === 0 ? now : now + KNOWN_AFTER_MS;
    const oldEndAt = wanted.oldEndNow ? now : signsFrom + LIMITS.accessTokenLife + MARGIN_MS;
    const kid = await insert(tx, parts, signsFrom);
    await store.endOthers(tx, kid, oldEndAt);
    await record(tx, { action: 'signing-key.rotate', kid, reason: wanted.reason });
    return { kid, signsFrom, oldEndAt };
  });
}

/**
 * All private halves from under the old master key to under the new one, each in a transaction of its own: killed anywhere, run again,
 * it finishes; a second run at the same time does what is left. Yields each key before the next is looked at.
 * Throws ConfigError when a key is under neither.
 */
export async function* rewrapSigningKeys(
  db: Db,
  keys: { readonly from: MasterKey; readonly to: MasterKey; readonly reason: string | undefined },
): AsyncGenerator<{ readonly kid: string; readonly done: 'now' | 'before' }> {
  for (const { kid } of await store.selectKeys(db)) {
    const done = await db.transact(async (tx) => {
      const key = await store.lockKey(tx, kid);
      if (key === undefined) return undefined;
      if (key.wrappedBy === keys.to.fingerprint) return 'before';
      const seed = keys.from.unwrap(key.wrapped, WRAP_CONTEXT);
      const wrapped = keys.to.wrap(seed, WRAP_CONTEXT);
      await store.updateWrapped(tx, kid, { wrapped, by: keys.to.fingerprint });
      await record(tx, { action: 'signing-key.rewrap', kid, reason: keys.reason });
      return 'now';
    });
    if (done !== undefined) yield { kid, done };
  }
}

/** Keys whose last token is dead. */
export async function pruneSigningKeys(db: Db, now: number): Promise<number> {
  return db.transact((tx) => store.deleteEnded(tx, now));
}

/** The keys that this master key does not unwrap. Changes nothing. */
export async function foreignSigningKeys(db: Db, masterKey: MasterKey): Promise<readonly string[]> {
  return (await store.selectKeys(db))
    .filter(({ wrapped }) => {
      try {
        masterKey.unwrap(wrapped, WRAP_CONTEXT);
        return false;
      } catch {
        return true;
      }
    })
    .map(({ kid }) => kid);
}

async function insert(tx: Tx, { masterKey, clock, ids }: Parts, signsFrom: number): Promise<string> {
  const seed = ids.bytes(32);
  const kid = ids.uuid<Brand<string, 'KeyId'>>();
  await store.insertKey(tx, {
    kid,
    publicKey: rawPublicKey(ed25519PrivateKey(seed)),
    wrapped: masterKey.wrap(seed, WRAP_CONTEXT),
    createdAt: clock.now(),
    signsFrom,
    endsAt: undefined,
    wrappedBy: masterKey.fingerprint,
  });
  return kid;
}

async function record(
  tx: Tx,
  { action, kid, reason }: { readonly action: AuditAction; readonly kid: string; readonly reason: string | undefined },
): Promise<void> {
  const target = { targetKind: 'signing-key', targetId: isUuid(kid) ? kid : undefined } as const;
  await appendAudit(tx, { ...OPERATOR, tenantId: undefined, action, ...target, outcome: 'done', reason });
}
