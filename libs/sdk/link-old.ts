import { equalBytes } from '../protocol/bytes.js';
import { dayOf, statementBytes, type DeviceEntry } from '../protocol/device-list.js';
import type { LinkFrame } from '../protocol/link-frames.js';
import {
  decodeLinkHello,
  decodeLinkStatement,
  encodeLinkAccount,
  encodeLinkDone,
  type LinkHello,
} from '../protocol/link-messages.js';
import { parseLinkText, type LinkText } from '../protocol/link-text.js';
import { CHAIN_START, type Accounts } from './accounts.js';
import { verify } from './crypto.js';
import { SottoError } from './errors.js';
import { openLink, sealLink } from './link-seal.js';
import { LinkSteps } from './link-steps.js';
import type { OwnLists } from './own-lists.js';
import type { Rest } from './rest.js';
import type { HeldAccount } from './store/accounts.store.js';
import type { Self } from './store/self.store.js';

/** What the new device says of itself; show it to the person and let them decide. */
export type NewDevice = Pick<LinkHello, 'deviceId' | 'platform' | 'name'>;

export interface ApproveOptions {
  /** Asked once, with what the new device shows. False refuses. */
  readonly confirm: (device: NewDevice) => Promise<boolean> | boolean;
  /** May the new device add others; off unless said. */
  readonly mayLink?: boolean;
}

interface LinkLine {
  readonly ready: boolean;
  link(frame: LinkFrame): void;
}

/**
 * The old side of linking: claims the session of a link text, asks the person, proves the account to the new device, and signs list n+1
 * with its statement. Storing that list activates the new device; whatever fails before leaves nothing behind.
 */
export class LinkApprover {
  private readonly sessions = new Map<string, LinkSteps>();

  constructor(
    private readonly self: Self,
    private readonly line: LinkLine,
    private readonly rest: Rest,
    private readonly accounts: Accounts,
    private readonly lists: OwnLists,
    private readonly now: () => number,
  ) {}

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
  async approve(text: string, options: ApproveOptions): Promise<NewDevice> {
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
    } catch (error) {
      this.refuse(link);
      throw error;
    } finally {
      this.sessions.delete(name);
    }
  }

  private read(text: string): LinkText {
    const parsed = parseLinkText(text);
    if (parsed.kind === 'refused')
      throw new SottoError(parsed.reason === 'contact_address' ? 'contact_address_given' : 'not_a_link_text', {
        detail: parsed.reason,
      });
    if (parsed.link.expiresAt <= this.now()) throw new SottoError('link_expired');
    if (new URL(parsed.link.server).origin !== new URL(this.self.server).origin)
      throw new SottoError('link_other_server', { detail: parsed.link.server });
    return parsed.link;
  }

  private async talk(link: LinkText, steps: LinkSteps, options: ApproveOptions): Promise<NewDevice> {
    const hello = decodeLinkHello(await this.opened(link, steps, 'hello'));
    if (hello === undefined) throw new SottoError('link_not_authentic', { detail: 'hello' });
    const device: NewDevice = { deviceId: hello.deviceId, platform: hello.platform, name: hello.name };
    if (!(await options.confirm(device))) throw new SottoError('link_refused');
    return this.accounts.alone(this.self.accountId, async () => {
      const { chain, held } = await this.whole();
      this.lists.mustBeAllowed(held);
      const { accountKey, epoch } = held.last.list;
      this.sealed(link, 'account', encodeLinkAccount({ ...this.self, accountKey, chain }));
      const statement = decodeLinkStatement(await this.opened(link, steps, 'statement'));
      const entry =
        statement === undefined
          ? undefined
          : this.entryOf(hello, { statement, accountKey, epoch, mayLink: options.mayLink ?? false });
      if (entry === undefined) throw new SottoError('link_not_authentic', { detail: 'statement' });
      const stored = await this.lists.put(held, (before) =>
        this.lists.byDevice(before, (entries) => [...without(entries, entry), entry]),
      );
      this.sealed(link, 'done', encodeLinkDone({ kind: 'linked', ...stored }));
      this.lists.settle(stored);
      return device;
    });
  }

  /** The whole chain from list 1: the new device believes nothing that it has not verified itself. */
  private async whole(): Promise<{ readonly chain: Awaited<ReturnType<Rest['chain']>>; readonly held: HeldAccount }> {
    const chain = await this.rest.chain(this.self.accountId, CHAIN_START);
    return { chain, held: this.accounts.adopt(this.self.accountId, chain) };
  }

  private entryOf(
    hello: LinkHello,
    of: {
      readonly statement: Uint8Array;
      readonly accountKey: Uint8Array;
      readonly epoch: number;
      readonly mayLink: boolean;
    },
  ): DeviceEntry | undefined {
    if (!verify(hello.identityKey, statementBytes({ ...this.self, accountKey: of.accountKey, ...hello }), of.statement))
      return undefined;
    return {
      deviceId: hello.deviceId,
      identityKey: hello.identityKey,
      mayLink: of.mayLink,
      addedBy: this.self.deviceId,
      addedOnDay: dayOf(this.now()),
      statement: { epoch: of.epoch, authKey: hello.authKey, signature: of.statement },
    };
  }

  private async opened(link: LinkText, steps: LinkSteps, step: 'hello' | 'statement'): Promise<Uint8Array> {
    const { sealed } = await steps.expect('sealed');
    return openLink(link, { direction: 'new-to-old', step, sealed });
  }

  /** Tells the new device, if it can still be told, that it waits in vain. */
  private refuse(link: LinkText): void {
    if (this.line.ready)
      this.sealed(link, 'done', encodeLinkDone({ kind: 'refused', reason: 'the other device ended linking' }));
  }

  private sealed(link: LinkText, step: 'account' | 'done', message: Uint8Array): void {
    this.say(link, { step: 'sealed', sealed: sealLink(link, { direction: 'old-to-new', step, message }) });
  }

  private say(
    link: LinkText,
    step: { readonly step: 'claim' } | { readonly step: 'sealed'; readonly sealed: Uint8Array },
  ): void {
    this.line.link({ session: link.session, ...step });
  }
}

function without(entries: readonly DeviceEntry[], other: DeviceEntry): readonly DeviceEntry[] {
  return entries.filter(
    ({ deviceId, identityKey }) => deviceId !== other.deviceId && !equalBytes(identityKey, other.identityKey),
  );
}

function sessionName(session: Uint8Array): string {
  return Buffer.from(session).toString('hex');
}
