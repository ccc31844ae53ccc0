import { encodeContent, type ContentBody } from '../protocol/content.js';
import type { AccountId, DeviceId } from '../protocol/ids.js';
import type { PrekeyBundle, PrekeyBundles } from '../protocol/prekeys.js';
import { encodeSendRequest, type OutgoingEnvelope, type Recipient } from '../protocol/send-request.js';
import { stateOf, type Accounts } from './accounts.js';
import { SottoError } from './errors.js';
import type { Ratchet, RatchetUnit } from './ratchet.js';
import type { HeldAccount } from './store/accounts.store.js';
import { saveRequest, type Outgoing } from './store/outbox.store.js';
import { loadAccount } from './store/accounts.store.js';
import type { Store, Tx } from './store/store.js';
import type { TrustedDevice, TrustGate } from './trust.js';

/** Where bundles come from; asked for particular devices of an account. */
export interface BundleSource {
  bundles(accountId: AccountId, devices: readonly DeviceId[]): Promise<PrekeyBundles>;
}

type Sealing =
  | { readonly kind: 'sealed'; readonly request: Uint8Array }
  | { readonly kind: 'keyless'; readonly devices: readonly TrustedDevice[] }
  | { readonly kind: 'changed' };

const MAX_ROUNDS = 8;

/**
 * Turns a message of the outbox into an encoded request: to every device of the recipient and, as a copy, to every other own device.
 * Request and advanced ratchets are committed together before anybody sees the request.
 */
export class Sealer {
  constructor(
    private readonly store: Store,
    private readonly accounts: Accounts,
    private readonly gate: TrustGate,
    private readonly ratchet: Ratchet,
    private readonly own: { readonly accountId: AccountId; readonly source: BundleSource },
  ) {}

  /** `bundles` is used up and added to. Throws the named errors of lists and bundles, and as REST does. */
  async seal(message: Outgoing, bundles: Map<DeviceId, PrekeyBundle>): Promise<Uint8Array> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const claimed = this.accounts.claimedBy(message.recipient);
      const own = await this.accounts.ownFor(message.recipient);
      const theirs = await this.accounts.current(message.recipient);
      const sealing = await this.ratchet.work(async (unit): Promise<Sealing> => {
        // What came in while this waited for its turn may tell of a newer list: the server is asked for it before it is called withheld.
        if (!this.unchanged(own) || !this.unchanged(theirs)) return { kind: 'changed' };
        if (this.accounts.claimedBy(message.recipient) > claimed) return { kind: 'changed' };
        return this.sealIn(unit, message, bundles);
      });
      if (sealing.kind === 'sealed') return sealing.request;
      if (sealing.kind === 'keyless') await this.fetch(sealing.devices, bundles);
    }
    throw new SottoError('still_mismatched', { detail: message.recipient });
  }

  /** Puts the sessions with these devices away, as far as the gate knows them. */
  async archive(accountId: AccountId, devices: readonly DeviceId[]): Promise<void> {
    if (devices.length === 0) return;
    const stale = this.gate.recipients(accountId).filter(({ deviceId }) => devices.includes(deviceId));
    await this.ratchet.work((unit) => {
      for (const device of stale) unit.archive(device);
      unit.commit(() => undefined);
      return Promise.resolve();
    });
  }

  private async sealIn(unit: RatchetUnit, message: Outgoing, bundles: Map<DeviceId, PrekeyBundle>): Promise<Sealing> {
    const own = this.heldNow(this.own.accountId);
    const theirs = this.heldNow(message.recipient);
    const toOthers = theirs.accountId === own.accountId ? [] : this.gate.recipients(theirs.accountId);
    const toOwn = this.gate.recipients(own.accountId);
    const devices = [...toOthers, ...toOwn];
    if (devices.length === 0) throw new SottoError('no_other_device');
    const keyless = devices.filter((device) => !unit.hasSession(device) && !bundles.has(device.deviceId));
    if (keyless.length > 0) return { kind: 'keyless', devices: keyless };
    for (const device of devices) {
      const bundle = bundles.get(device.deviceId);
      if (bundle !== undefined && !unit.hasSession(device)) await unit.begin(device, bundle);
    }
    const write = (body: ContentBody, to: readonly TrustedDevice[]) =>
      encryptAll(unit, to, contentOf(message, { own, theirs, body }));
    const copies = await write({ kind: 'sent', recipient: theirs.accountId, text: message.body }, toOwn);
    const originals = await write({ kind: 'text', text: message.body }, toOthers);
    const recipients = [recipientOf(theirs, originals), recipientOf(own, copies)].filter(
      ({ envelopes }) => envelopes.length > 0,
    );
    if (!this.unchanged(own) || !this.unchanged(theirs)) return { kind: 'changed' };
    const request = encodeRequest(message, recipients);
    unit.commit((tx: Tx) => {
      saveRequest(tx, message.no, request);
    });
    for (const device of devices) bundles.delete(device.deviceId);
    return { kind: 'sealed', request };
  }

  private heldNow(accountId: AccountId): HeldAccount {
    const account = loadAccount(this.store, accountId);
    if (account === undefined) throw new SottoError('unknown_account', { detail: accountId });
    return account;
  }

  /** A list that was adopted while we encrypted must not be overtaken by an older one. */
  private unchanged(account: HeldAccount): boolean {
    const now = this.heldNow(account.accountId);
    return now.listVersion === account.listVersion && now.halted === account.halted && now.wanted === account.wanted;
  }

  /** Keys of a removed device are not offered by mistake. */
  refuseRemoved(accountId: AccountId, { listVersion, bundles }: PrekeyBundles): void {
    this.accounts.refuseRemoved(accountId, { listVersion, devices: bundles.map(({ deviceId }) => deviceId) });
  }

  private async fetch(devices: readonly TrustedDevice[], bundles: Map<DeviceId, PrekeyBundle>): Promise<void> {
    const accounts = new Set(devices.map(({ accountId }) => accountId));
    for (const accountId of accounts) {
      const wanted = devices.filter((device) => device.accountId === accountId).map(({ deviceId }) => deviceId);
      const answer = await this.own.source.bundles(accountId, wanted);
      this.refuseRemoved(accountId, answer);
      for (const bundle of answer.bundles) bundles.set(bundle.deviceId, bundle);
      if (wanted.every((deviceId) => bundles.has(deviceId))) continue;
      const before = this.heldNow(accountId).listVersion;
      // A device without keys may have been removed a moment ago; only if the list still names it, keys are missing.
      if ((await this.accounts.refresh(accountId)).listVersion === before)
        throw new SottoError('bundle_missing', { detail: accountId });
    }
  }
}

function contentOf(
  message: Outgoing,
  { own, theirs, body }: { readonly own: HeldAccount; readonly theirs: HeldAccount; readonly body: ContentBody },
): Uint8Array {
  const content = {
    sender: stateOf(own),
    recipient: stateOf(theirs),
    messageId: message.messageId,
    sentAt: message.sentAt,
    body,
  };
  const encoded = encodeContent(content);
  if (encoded === undefined) throw new SottoError('message_too_large');
  return encoded;
}

async function encryptAll(
  unit: RatchetUnit,
  devices: readonly TrustedDevice[],
  content: Uint8Array,
): Promise<readonly OutgoingEnvelope[]> {
  const envelopes: OutgoingEnvelope[] = [];
  for (const device of devices) {
    const sealed = await unit.encrypt(device, content);
    envelopes.push({ deviceId: device.deviceId, control: false, ...sealed });
  }
  return envelopes;
}

function recipientOf(account: HeldAccount, envelopes: readonly OutgoingEnvelope[]): Recipient {
  return { accountId: account.accountId, listVersion: account.listVersion, coverage: 'complete', envelopes };
}

function encodeRequest(message: Outgoing, recipients: readonly Recipient[]): Uint8Array {
  return encodeSendRequest({
    idempotencyKey: message.messageId,
    class: 'durable',
    urgent: true,
    bundles: true,
    clientTimestamp: 0,
    recipients,
  });
}
