import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db } from '../platform/postgres.js';
import type { MasterKey } from '../platform/secrets.js';
import { toBase64url } from '../protocol/bytes.js';
import { ed25519PrivateKey, ed25519PublicKey, rawPublicKey } from './ed25519.js';
import * as store from './signing-keys.store.js';

interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

const WRAP_CONTEXT = 'signing-key';
const REFRESH_MS = 1000;

/**
 * The keys that sign access tokens, in PostgreSQL with the private halves under the master key, so every node signs and verifies
 * with the same ones. The first is made on first need, by one node, under an advisory lock. The newest signs; all of them verify.
 * Public keys are kept in memory; a `kid` that is not among them is looked for in the table, at most once a second.
 */
export class SigningKeys {
  private readonly verifying = new Map<string, KeyObject>();
  private signer: Promise<Signer> | undefined;
  private refreshing: Promise<void> | undefined;
  private refreshAfter = 0;

  constructor(
    private readonly db: Db,
    private readonly parts: { readonly masterKey: MasterKey; readonly clock: Clock; readonly ids: Ids },
  ) {}

  async current(): Promise<Signer> {
    this.signer ??= this.load().catch((error: unknown) => {
      this.signer = undefined;
      throw error;
    });
    return this.signer;
  }

  async publicKey(kid: string): Promise<KeyObject | undefined> {
    const known = this.verifying.get(kid);
    if (known !== undefined) return known;
    await this.refresh();
    return this.verifying.get(kid);
  }

  private async load(): Promise<Signer> {
    const newest = (await store.selectKeys(this.db))[0] ?? (await this.makeFirst());
    this.remember(newest);
    const seed = this.parts.masterKey.unwrap(newest.wrapped, WRAP_CONTEXT);
    return { kid: newest.kid, privateKey: ed25519PrivateKey(seed) };
  }

  private async makeFirst(): Promise<store.StoredKey> {
    return this.db.transact(async (tx) => {
      await store.lockKeys(tx);
      const [made] = await store.selectKeys(tx);
      if (made !== undefined) return made;
      const { masterKey, clock, ids } = this.parts;
      const seed = ids.bytes(32);
      const key: store.StoredKey = {
        kid: toBase64url(ids.bytes(9)),
        publicKey: rawPublicKey(ed25519PrivateKey(seed)),
        wrapped: masterKey.wrap(seed, WRAP_CONTEXT),
        createdAt: clock.now(),
      };
      await store.insertKey(tx, key);
      return key;
    });
  }

  private async refresh(): Promise<void> {
    if (this.refreshing !== undefined) return this.refreshing;
    const now = this.parts.clock.now();
    if (now < this.refreshAfter) return;
    this.refreshAfter = now + REFRESH_MS;
    this.refreshing = this.readAll().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async readAll(): Promise<void> {
    for (const key of await store.selectKeys(this.db)) this.remember(key);
  }

  private remember(stored: store.StoredKey): void {
    const key = ed25519PublicKey(stored.publicKey);
    if (key === undefined) throw new Error(`signing key ${stored.kid} is damaged`);
    this.verifying.set(stored.kid, key);
  }
}
