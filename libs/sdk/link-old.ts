import { equalBytes } from '../protocol/bytes.js';
import type { SignedList } from '../protocol/device-chain.js';
import { dayOf, statementBytes, type DeviceEntry } from '../protocol/device-list.js';
import { deviceFingerprint } from '../protocol/fingerprint.js';
import type { DeviceId, ListVersion } from '../protocol/ids.js';
import type { LinkFrame, LinkStep } from '../protocol/link-frames.js';
import {
  decodeLinkHello,
  decodeLinkStatement,
  encodeLinkAccount,
  encodeLinkDone,
  type LinkHello,
} from '../protocol/link-messages.js';
import { parseLinkText, type LinkText } from '../protocol/link-text.js';
import { LIMITS } from '../protocol/limits.js';
import { PROBLEMS } from '../protocol/problems.js';
import { CHAIN_START, type Accounts } from './accounts.js';
import { sha256, verify } from './crypto.js';
import { SottoError, sottoError } from './errors.js';
import type { Events } from './events.js';
import { openLink, sealLink } from './link-seal.js';
import { LinkSteps } from './link-steps.js';
import type { OwnLists } from './own-lists.js';
import type { Rest } from './rest.js';
import type { HeldAccount } from './store/accounts.store.js';
import {
  loadConfirmed,
  removeConfirmed,
  saveConfirmed,
  saveDeviceName,
  type ConfirmedDevice,
} from './store/confirmed.store.js';
import type { Self } from './store/self.store.js';
import type { Store } from './store/store.js';

/** What the new device says of itself, and the fingerprint that it shows too; show it to the person and let them decide. */
export type NewDevice = Pick<LinkHello, 'deviceId' | 'platform' | 'name'> & { readonly fingerprint: string };

export interface ApproveOptions {
  /** Asked once, with what the new device shows. False refuses. */
  readonly confirm: (device: NewDevice) => Promise<boolean> | boolean;
  /** May the new device add others; off unless said. */
  readonly mayLink?: boolean;
}

type Listing =
  | { readonly kind: 'stored'; readonly stored: { readonly list: SignedList; readonly listVersion: ListVersion } }
  | { readonly kind: 'open' | 'refused'; readonly error: SottoError };

interface LinkLine {
  readonly ready: boolean;
  link(frame: LinkFrame): void;
}

/** `waitingUntil`: an admin is asked first, at the latest until then; undefined: the device is linked. */
export type ApprovedDevice = NewDevice & { readonly waitingUntil: number | undefined };

interface ApproverParts {
  readonly store: Store;
  readonly self: Self;
  readonly line: LinkLine;
  readonly rest: Rest;
  readonly accounts: Accounts;
  readonly lists: OwnLists;
  readonly events: Events;
  readonly now: () => number;
}

/**
 * The old side of linking: claims the session of a link text, asks the person, proves the account to the new device, and signs list n+1
 * with its statement. Storing that list activates the new device; whatever fails before leaves nothing behind. What the person has confirmed
 * is on disk before the list goes out, and stays there while it is not known to be stored or refused: a lost answer, a restart, or the hours until
 * an admin approves. `resume` then goes on.
 */
export class LinkApprover {
  private readonly sessions = new Map<string, LinkSteps>();
  private readonly inHand = new Set<DeviceId>();

  constructor(private readonly parts: ApproverParts) {}

  /** A link frame of the stream. */
  hear(frame: LinkFrame): void {
    this.sessions.get(sessionName(frame.session))?.push(frame);
  }

  /** The stream is gone, and with it every session that was claimed on it. */
  lost(): void {
    for (const steps of this.sessions.values())
      steps.fail(new SottoError('link_ended', { detail: 'the connection was lost' }));
  }

  /** Throws the `link_*` errors, `contact_address_given`, `not_a_link_text`, `not_allowed_to_link`, the list errors, and as REST does. */
  async approve(text: string, options: ApproveOptions): Promise<ApprovedDevice> {
    const link = this.read(text);
    const name = sessionName(link.session);
    const steps = new LinkSteps();
    if (this.sessions.has(name))
      throw new SottoError('link_ended', { detail: 'this link text is being approved already' });
    this.sessions.set(name, steps);
    try {
      this.say(link, { step: 'claim' });
      await steps.expect('claimed');
      return await this.talk(link, steps, options);
    } finally {
      this.sessions.delete(name);
    }
  }

  /** Tries again for each device whose list is not known to be stored; what is decided is told by an event. */
  async resume(): Promise<void> {
    for (const device of loadConfirmed(this.parts.store)) {
      if (this.inHand.has(device.deviceId)) continue;
      const outcome = await this.list(device);
      if (outcome.kind === 'open') continue;
      const { deviceId, name } = device;
      const error = outcome.kind === 'refused' ? outcome.error : undefined;
      this.parts.events.emit({ kind: 'link-decided', deviceId, name, error });
    }
  }

  get waits(): boolean {
    return loadConfirmed(this.parts.store).length > 0;
  }

  private read(text: string): LinkText {
    const parsed = parseLinkText(text);
    if (parsed.kind === 'refused')
      throw new SottoError(parsed.reason === 'contact_address' ? 'contact_address_given' : 'not_a_link_text', {
        detail: parsed.reason,
      });
    if (parsed.link.expiresAt <= this.parts.now()) throw new SottoError('link_expired');
    if (new URL(parsed.link.server).origin !== new URL(this.parts.self.server).origin)
      throw new SottoError('link_other_server', { detail: parsed.link.server });
    return parsed.link;
  }

  private async talk(link: LinkText, steps: LinkSteps, options: ApproveOptions): Promise<ApprovedDevice> {
    let device: ConfirmedDevice;
    try {
      device = await this.meet(link, steps, options);
    } catch (error) {
      this.refuse(link);
      throw error;
    }
    const shown = shownOf(device);
    this.inHand.add(device.deviceId);
    try {
      const outcome = await this.list(device);
      if (outcome.kind === 'stored') {
        this.sealed(link, 'done', encodeLinkDone({ kind: 'linked', ...outcome.stored }));
        return { ...shown, waitingUntil: undefined };
      }
      // Not certain: the new device asks the server, and this one tries again.
      if (outcome.kind === 'refused') this.refuse(link);
      else if (outcome.error.code !== 'approval_pending') this.leave(link);
      if (outcome.error.code !== 'approval_pending') throw outcome.error;
      this.sealed(link, 'done', encodeLinkDone({ kind: 'waiting', until: device.until }));
      this.parts.events.emit({ kind: 'link-waiting', ...shown, until: device.until });
      return { ...shown, waitingUntil: device.until };
    } finally {
      this.inHand.delete(device.deviceId);
    }
  }

  /** Until the new device has agreed to stand in this account's list; then it is on disk. */
  private async meet(link: LinkText, steps: LinkSteps, options: ApproveOptions): Promise<ConfirmedDevice> {
    const { self, store, accounts, lists, now } = this.parts;
    const hello = decodeLinkHello(await this.opened(link, steps, 'hello'));
    if (hello === undefined) throw new SottoError('link_not_authentic', { detail: 'hello' });
    if (!(await options.confirm(shownOf(hello)))) throw new SottoError('link_refused');
    const { chain, held } = await accounts.alone(self.accountId, () => this.whole());
    lists.mustBeAllowed(held);
    const { accountKey, epoch } = held.last.list;
    this.sealed(link, 'account', encodeLinkAccount({ ...self, accountKey, chain }));
    const statement = decodeLinkStatement(await this.opened(link, steps, 'statement'));
    const agreed = statementBytes({ ...self, accountKey, ...hello });
    if (statement === undefined || !verify(hello.identityKey, agreed, statement))
      throw new SottoError('link_not_authentic', { detail: 'statement' });
    const mayLink = options.mayLink ?? false;
    const device = { ...hello, statement, epoch, mayLink, until: now() + LIMITS.approvalLife };
    store.transact((tx) => {
      saveConfirmed(tx, device);
      saveDeviceName(tx, device.deviceId, device.name);
    });
    return device;
  }

  /** Signs and stores the list with the device. `open`: it may have been stored, or may be later. */
  private async list(device: ConfirmedDevice): Promise<Listing> {
    const { self, store, accounts, lists, now } = this.parts;
    const over = (): void => {
      store.transact((tx) => {
        removeConfirmed(tx, device.deviceId);
      });
    };
    try {
      return await accounts.alone(self.accountId, async () => {
        const { held } = await this.whole();
        const stored = isListed(held, device) ?? (await lists.put(held, (before) => this.next(before, device)));
        over();
        if ('before' in stored) lists.settle(stored);
        return { kind: 'stored', stored };
      });
    } catch (error) {
      const known = sottoError(error);
      if (known === undefined) throw error;
      if (isOpen(known) && now() < device.until) return { kind: 'open', error: known };
      over();
      return { kind: 'refused', error: known };
    }
  }

  private next(before: HeldAccount, device: ConfirmedDevice): SignedList {
    const { lists } = this.parts;
    // It agreed to an account key that the account no longer has.
    if (before.last.list.epoch !== device.epoch) throw new SottoError('link_unfinished', { detail: 'another epoch' });
    const entry = this.entryOf(device);
    return lists.byDevice(before, (entries) => [...without(entries, entry), entry]);
  }

  /** The whole chain from list 1: the new device believes nothing that it has not verified itself. Only inside `accounts.alone`. */
  private async whole(): Promise<{ readonly chain: Awaited<ReturnType<Rest['chain']>>; readonly held: HeldAccount }> {
    const { rest, accounts, self } = this.parts;
    const chain = await rest.chain(self.accountId, CHAIN_START);
    return { chain, held: accounts.adopt(self.accountId, chain) };
  }

  private entryOf({ deviceId, identityKey, authKey, statement, epoch, mayLink }: ConfirmedDevice): DeviceEntry {
    return {
      deviceId,
      identityKey,
      mayLink,
      addedBy: this.parts.self.deviceId,
      addedOnDay: dayOf(this.parts.now()),
      statement: { epoch, authKey, signature: statement },
    };
  }

  private async opened(link: LinkText, steps: LinkSteps, step: 'hello' | 'statement'): Promise<Uint8Array> {
    const { sealed } = await steps.expect('sealed');
    return openLink(link, { direction: 'new-to-old', step, sealed });
  }

  /** Tells the new device, if it can still be told, that it waits in vain. */
  private refuse(link: LinkText): void {
    if (this.parts.line.ready)
      this.sealed(link, 'done', encodeLinkDone({ kind: 'refused', reason: 'the other device ended linking' }));
  }

  /** Ends the session without a verdict. */
  private leave(link: LinkText): void {
    if (this.parts.line.ready) this.say(link, { step: 'ended', reason: 'left' });
  }

  private sealed(link: LinkText, step: 'account' | 'done', message: Uint8Array): void {
    this.say(link, { step: 'sealed', sealed: sealLink(link, { direction: 'old-to-new', step, message }) });
  }

  private say(link: LinkText, step: Extract<LinkStep, { readonly step: 'claim' | 'sealed' | 'ended' }>): void {
    this.parts.line.link({ session: link.session, ...step });
  }
}

function shownOf({ deviceId, platform, name, identityKey }: LinkHello | ConfirmedDevice): NewDevice {
  return { deviceId, platform, name, fingerprint: deviceFingerprint({ deviceId, identityKey }, sha256) };
}

/** The list of an earlier attempt, whose answer was lost. */
function isListed({ last, listVersion }: HeldAccount, { deviceId, identityKey }: ConfirmedDevice) {
  const entry = last.list.entries.find((one) => one.deviceId === deviceId);
  return entry !== undefined && equalBytes(entry.identityKey, identityKey)
    ? { list: last.signed, listVersion }
    : undefined;
}

/** No answer, or "later". */
function isOpen({ code, problem }: SottoError): boolean {
  return code === 'unreachable' || (problem !== undefined && PROBLEMS[problem.code].retry === 'later');
}

function without(entries: readonly DeviceEntry[], other: DeviceEntry): readonly DeviceEntry[] {
  return entries.filter(
    ({ deviceId, identityKey }) => deviceId !== other.deviceId && !equalBytes(identityKey, other.identityKey),
  );
}

function sessionName(session: Uint8Array): string {
  return Buffer.from(session).toString('hex');
}
