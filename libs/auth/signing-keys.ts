import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db } from '../platform/postgres.js';
import type { MasterKey } from '../platform/secrets.js';
import { ed25519PrivateKey, ed25519PublicKey } from './ed25519.js';
import { makeFirstKey, WRAP_CONTEXT } from './key-rotation.js';
import * as store from './signing-keys.store.js';

interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

interface Verifier {
  readonly key: KeyObject;
  readonly endsAt: number;
}

/** An unknown `kid` is looked for at most so often. */
const MISS_MS = 1000;
/** The table is read again after this; a new key signs only when twice as much has passed. */
const REFRESH_MS = 5000;
const STALE_MS = 15_000;

/**
 * The keys that sign access tokens, in PostgreSQL with the private halves under the master key, so every node signs and verifies
 * with the same ones. The first is made on first need, by one node. Of those that may sign the newest does; all that have not ended
 * verify (`key-rotation.ts`). What is in memory is read again every 5 s while it is used, so a rotation needs no restart; while the database is
 * away, the last view counts, and no token is granted. A private half is unwrapped once: whoever has it goes on when the
 * master key is replaced.
 */
export class SigningKeys {
  private verifying: ReadonlyMap<string, Verifier> = new Map();
  private stored: readonly store.StoredKey[] = [];
  private readonly unwrapped = new Map<string, KeyObject>();
  private refreshing: Promise<void> | undefined;
  /** When the table was last asked, and when it last answered. */
  private readAt = Number.NEGATIVE_INFINITY;
  private viewAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly db: Db,
    private readonly parts: { readonly masterKey: MasterKey; readonly clock: Clock; readonly ids: Ids },
  ) {}

  /** Throws ConfigError when no key that may sign was wrapped by the master key of this process. */
  async current(): Promise<Signer> {
    if (this.isOlderThan(REFRESH_MS)) await this.refresh();
    if (this.stored.length === 0) {
      await makeFirstKey(this.db, this.parts);
      await this.refresh();
    }
    return this.signer();
  }

  async publicKey(kid: string): Promise<KeyObject | undefined> {
    if (this.verifying.has(kid)) await this.lookAgain();
    else if (this.isOlderThan(MISS_MS)) await this.refresh();
    const known = this.verifying.get(kid);
    return known === undefined || known.endsAt <= this.parts.clock.now() ? undefined : known.key;
  }

  /** Another incarnation of the database may hold other keys: the next token is signed by what stands there then. */
  beginAnew(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
    this.stored = [];
    this.unwrapped.clear();
  }

  /** Beside the request, so that a token is verified from memory alone; only who has slept for long waits for it. */
  private async lookAgain(): Promise<void> {
    const slept = this.parts.clock.now() - this.viewAt >= STALE_MS;
    if (this.isOlderThan(REFRESH_MS)) this.refresh().catch(() => undefined);
    if (slept) await this.refreshing?.catch(() => undefined);
  }

  /** A key under another master key is passed over while an older one can still sign. */
  private signer(): Signer {
    const now = this.parts.clock.now();
    const good = this.stored.filter(({ endsAt }) => endsAt === undefined || endsAt > now);
    const may = good.filter(({ signsFrom }) => signsFrom <= now);
    let fault: unknown = new Error('there is no key to sign tokens with');
    for (const key of may.length > 0 ? may : good) {
      try {
        return { kid: key.kid, privateKey: this.privateKeyOf(key) };
      } catch (error) {
        fault = error;
      }
    }
    throw fault;
  }

  private privateKeyOf(stored: store.StoredKey): KeyObject {
    const held = this.unwrapped.get(stored.kid);
    if (held !== undefined) return held;
    const privateKey = ed25519PrivateKey(this.parts.masterKey.unwrap(stored.wrapped, WRAP_CONTEXT));
    this.unwrapped.set(stored.kid, privateKey);
    return privateKey;
  }

  private isOlderThan(age: number): boolean {
    return this.parts.clock.now() - this.readAt >= age;
  }

  /** One at a time; one that fails counts, so that a database that is away is not asked by every request. */
  private refresh(): Promise<void> {
    this.refreshing ??= this.readAll().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async readAll(): Promise<void> {
    const now = this.parts.clock.now();
    this.readAt = now;
    this.stored = await store.selectKeys(this.db);
    this.viewAt = now;
    this.verifying = new Map(this.stored.map((key) => [key.kid, verifierOf(key)]));
    for (const kid of this.unwrapped.keys()) if (!this.verifying.has(kid)) this.unwrapped.delete(kid);
  }
}

function verifierOf({ kid, publicKey, endsAt }: store.StoredKey): Verifier {
  const key = ed25519PublicKey(publicKey);
  if (key === undefined) throw new Error(`signing key ${kid} is damaged`);
  return { key, endsAt: endsAt ?? Number.POSITIVE_INFINITY };
}
