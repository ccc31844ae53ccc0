import { setTimeout as delay } from 'node:timers/promises';
import type { AccountId, DeviceId } from '../../../libs/protocol/ids.js';
import { sottoError } from '../../../libs/sdk/errors.js';
import type { ClientEvent } from '../../../libs/sdk/events.js';
import type { ReceivedMessage } from '../../../libs/sdk/inbox.js';
import type { ChatDevice } from './chat-devices.js';
import type { ChatScreen } from './chat-screen.js';
import type { Partner } from './conversation-partner.js';
import { partnerFrom } from './conversation-partner.js';
import { day, groups, harmless, milliseconds, type Output } from './output.js';
import type { People } from './people.js';
import { explain } from './trouble.js';

export interface ChatParts {
  readonly out: Output;
  readonly screen: ChatScreen;
  readonly people: People;
  readonly person: string;
  /** Typed lines are commands when they begin with a slash; piped ones never are. */
  readonly commands: boolean;
  /** How long to wait for mail when the input has ended. */
  readonly lingerMs: number;
  readonly interrupted: AbortSignal;
}

const LEAVE_WITHIN_MS = 2_000;

const HELP = [
  '/to <name or address>   write to somebody else',
  '/from <device>          send from another of the open devices',
  '/devices                the devices of both accounts',
  '/safety                 the number to compare with the other person',
  '/accept [number]        after a changed account key: take the new one, and send what was held back',
  '/revoke <device>        remove a device of your own for good, by its name or the beginning of its id',
  '/quit                   leave (Ctrl-C and Ctrl-D do too)',
];

/**
 * One person at the keyboard, with one or more of their devices open. Lines go out from one device; what arrives is shown once for each
 * device that got it. A line whose sending fails is said so, and counts at the end.
 */
export class Chat {
  private readonly leaving = new AbortController();
  private readonly sending = new Set<Promise<void>>();
  private readonly stopped = new AbortController();
  private failures = 0;
  /** Somebody was told that lines are left; that they fail when the devices are closed is no news. */
  private left = false;

  constructor(
    private readonly parts: ChatParts,
    private readonly devices: readonly ChatDevice[],
    private from: ChatDevice,
    private partner: Partner | undefined,
  ) {}

  /** Until the input ends or `/quit`; resolves with the number of lines that could not be sent. */
  async run(): Promise<number> {
    const { screen } = this.parts;
    const reading = this.devices.map((device) => this.receive(device));
    for (const device of this.devices) this.connect(device);
    if (this.partner !== undefined) this.turnTo(this.partner);
    this.prompt();
    for await (const line of screen.lines()) {
      const text = line.trim();
      if (text === '/quit' && this.parts.commands) break;
      if (text !== '') await this.handle(text);
      this.prompt();
    }
    await this.settle();
    this.leaving.abort();
    await Promise.all(reading);
    screen.close();
    return this.failures;
  }

  /** What was sent is waited for, then mail; an interruption ends both. What is still on its way goes out at the next start. */
  private async settle(): Promise<void> {
    const { interrupted, lingerMs, commands, screen } = this.parts;
    const patience = AbortSignal.any([
      interrupted,
      this.stopped.signal,
      ...(commands ? [AbortSignal.timeout(LEAVE_WITHIN_MS)] : []),
    ]);
    const over = new Promise<void>((resolve) => {
      if (patience.aborted) resolve();
      patience.addEventListener('abort', () => {
        resolve();
      });
    });
    await Promise.race([Promise.all(this.sending), over]);
    const left = this.sending.size;
    this.left = left > 0;
    if (left > 0)
      screen.show(`Not sent yet: ${String(left)}. They wait on this device and go out when it is opened again.`);
    this.failures += left;
    await delay(lingerMs, undefined, { signal: interrupted }).catch(() => undefined);
  }

  private async handle(text: string): Promise<void> {
    if (!this.parts.commands || !text.startsWith('/')) {
      this.send(text);
      return;
    }
    try {
      await this.command(text);
    } catch (error) {
      this.complain(error);
    }
  }

  private async command(text: string): Promise<void> {
    const { screen, people } = this.parts;
    const [name, ...words] = text.split(/\s+/);
    const argument = words.join(' ');
    if (name === '/to') this.turnTo(partnerFrom(people, argument));
    else if (name === '/from') this.sendFrom(argument);
    else if (name === '/devices') await this.showDevices();
    else if (name === '/revoke') await this.revoke(argument);
    else if (name === '/accept') await this.acceptKey(argument);
    else if (name === '/safety') await this.showSafetyNumber();
    else {
      if (name !== '/help') screen.show(`There is no ${String(name)}. What there is:`);
      for (const line of HELP) screen.show(`  ${line}`);
    }
  }

  private send(text: string): void {
    const { partner, from } = this;
    const { out, screen } = this.parts;
    if (partner === undefined) {
      this.failures += 1;
      screen.show(out.paint('red', 'Not sent: nobody to write to. Say who: --to <name or address>'));
      return;
    }
    const start = performance.now();
    const sending = this.accepted(from, { partner, text }).then(
      () => {
        const took = milliseconds(performance.now() - start);
        screen.show(
          out.paint('dim', `[${from.name}] you → ${this.nameOf(partner)}: ${harmless(text)}  (accepted after ${took})`),
        );
      },
      (error: unknown) => {
        if (this.left) return;
        const code = sottoError(error)?.code;
        if (this.parts.commands && (code === 'account_reset' || code === 'account_rotated')) {
          screen.show(out.paint('yellow', `[${from.name}] held back: ${harmless(text)}  (/safety, then /accept)`));
          return;
        }
        this.failures += 1;
        screen.show(out.paint('red', `[${from.name}] not sent: ${harmless(text)}`));
        this.complain(error);
      },
    );
    this.sending.add(sending);
    void sending.then(() => this.sending.delete(sending));
  }

  private async accepted(
    from: ChatDevice,
    { partner, text }: { readonly partner: Partner; readonly text: string },
  ): Promise<void> {
    await from.client.send(partner.accountId, text).accepted;
  }

  private async receive({ name, client }: ChatDevice): Promise<void> {
    for await (const message of client.messages(this.leaving.signal)) this.parts.screen.show(this.shown(name, message));
  }

  /** `[tablet] alice/phone (trust: address): hello`; a copy of what an own device sent names whom it went to. */
  private shown(device: string, message: ReceivedMessage): string {
    const { out, people } = this.parts;
    const { accountId, deviceId } = message.sender;
    const text = harmless(message.text);
    const tag = `[${device}]`;
    const sender = people.deviceName(accountId, deviceId);
    if (message.own) return out.paint('dim', `${tag} ${sender} → ${people.nameOf(message.conversation)}: ${text}`);
    return `${out.paint('bold', tag)} ${out.paint('green', sender)} (trust: ${message.trust}): ${text}`;
  }

  private connect({ name, client }: ChatDevice): void {
    let away = false;
    client.subscribe((event) => {
      const line =
        away && event.kind === 'disconnected' ? undefined : (news(event, { away }) ?? this.deviceNews(event));
      if (event.kind === 'disconnected' || event.kind === 'connected') away = event.kind === 'disconnected';
      if (event.kind === 'stopped' && name === this.from.name) this.stopped.abort();
      if (line !== undefined) this.parts.screen.show(this.parts.out.paint('yellow', `[${name}] ${harmless(line)}`));
    });
    // What goes wrong comes as an event too.
    client.connect().catch(() => undefined);
  }

  private turnTo(partner: Partner): void {
    this.partner = partner;
    const { address } = partner;
    if (address !== undefined) for (const { client } of this.devices) client.addContact(address);
    const trust = this.from.client.trustOf(partner.accountId) ?? (address === undefined ? 'first-use' : 'address');
    if (trust === 'first-use')
      this.parts.screen.show(
        this.parts.out.paint(
          'yellow',
          `${this.nameOf(partner)} (trust: first-use): the server is believed; compare: /safety`,
        ),
      );
  }

  private sendFrom(name: string): void {
    const device = this.devices.find((one) => one.name === name);
    if (device === undefined) this.parts.screen.show(`Open here: ${this.devices.map((one) => one.name).join(', ')}`);
    else this.from = device;
  }

  private async showDevices(): Promise<void> {
    const { partner, from } = this;
    const accounts: AccountId[] = [from.client.me.accountId, ...(partner === undefined ? [] : [partner.accountId])];
    for (const accountId of accounts) {
      for (const { deviceId, active } of await from.client.devices(accountId)) {
        this.parts.screen.show(`  ${this.parts.people.deviceName(accountId, deviceId)}${active ? '' : ' (removed)'}`);
      }
    }
  }

  /** In one step, and for good: whoever reads of a device that is not theirs has no time for questions. */
  private async revoke(named: string): Promise<void> {
    const { client } = this.from;
    const { person, people, screen } = this.parts;
    const id = people.get(person).devices[named];
    const found = (await client.devices()).filter(
      ({ deviceId, active }) => active && (deviceId === id || (named !== '' && deviceId.startsWith(named))),
    );
    const [target] = found;
    if (target === undefined || found.length > 1) {
      screen.show(`There is no one device "${named}". Look: /devices`);
      return;
    }
    await client.revokeDevice(target.deviceId);
    people.forgetDevice(person, target.deviceId);
    screen.show('Removed.');
  }

  /** Of the own account, with what to do about it. */
  private deviceNews(event: ClientEvent): string | undefined {
    const { person, people, commands } = this.parts;
    const nameOf = (deviceId: DeviceId) => people.deviceName(this.from.client.me.accountId, deviceId);
    if (event.kind === 'device-added') {
      const { deviceId, name, addedBy, addedOnDay } = event;
      const by = addedBy === 'account-key' ? 'with the recovery code' : `by ${nameOf(addedBy)}`;
      const step = commands ? `/revoke ${deviceId.slice(0, 8)}` : `sotto devices revoke ${person} ${deviceId} --yes`;
      return `a device was added to your account: ${called(name, nameOf(deviceId))}, on ${day(addedOnDay)}, ${by}. Not you? ${step}`;
    }
    if (event.kind === 'device-removed') {
      const { deviceId, name, reason } = event;
      return `a device of your account was removed: ${called(name, nameOf(deviceId))} (${reason}), on ${day(event.day)}`;
    }
    return undefined;
  }

  private async showSafetyNumber(): Promise<void> {
    if (this.partner === undefined) return;
    const { text } = await this.from.client.safetyNumber(this.partner.accountId);
    this.parts.screen.show('Read this to each other; it must be the same on both sides:');
    this.parts.screen.show(`  ${groups(text)}`);
  }

  /** On every open device; each keeps its own mind. */
  private async acceptKey(number: string): Promise<void> {
    const { partner } = this;
    if (partner === undefined) return;
    for (const { name, client } of this.devices) {
      const trust = await client.acceptAccountKey(partner.accountId, number === '' ? undefined : number);
      this.parts.screen.show(`[${name}] ${this.nameOf(partner)} (trust: ${trust})`);
    }
  }

  private complain(error: unknown): void {
    for (const line of explain(error).lines) this.parts.screen.show(this.parts.out.paint('red', line));
  }

  private nameOf({ accountId }: Partner): string {
    return this.parts.people.nameOf(accountId);
  }

  private prompt(): void {
    const to = this.partner === undefined ? 'nobody' : this.nameOf(this.partner);
    this.parts.screen.prompt(`${this.parts.person}/${this.from.name} → ${to}> `);
  }
}

function called(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `"${harmless(name)}"`;
}

/** What is worth a line; the rest happens quietly. `away`: the server was, until now. */
function news(event: ClientEvent, { away }: { readonly away: boolean }): string | undefined {
  switch (event.kind) {
    case 'disconnected':
      return 'waiting for the server…';
    case 'connected':
      return away ? 'connected again' : undefined;
    case 'stopped':
      return `stopped: ${explain(event.error).lines.join(': ')}`;
    case 'undecryptable':
      return `a message could not be decrypted (${event.reason}); it is tried again, and set aside on the server when it was refused three times`;
    case 'mail-lost':
      return `${String(event.to - event.from + 1)} message(s) were removed on the server before they came here (${event.reason})`;
    case 'mail-missing':
      return `${String(event.to - event.from + 1)} message(s) never came, and the server does not say why`;
    case 'trouble':
      return explain(event.error).lines.join(': ');
    case 'store-restored':
      return 'this store was restored from a copy; all its sessions were made anew';
    case 'reset':
      return 'the server was restored from a backup: messages of the last hours or days may be missing there';
    case 'link-waiting':
      return `"${harmless(event.name)}" is added as soon as an admin approves it; fingerprint ${event.fingerprint}`;
    case 'link-decided':
      return event.error === undefined
        ? `"${harmless(event.name)}" is linked`
        : `"${harmless(event.name)}" was not linked: ${event.error.message}`;
    case 'device-added':
    case 'device-removed':
    case 'queue-empty':
    case 'devices-changed':
    case 'prekeys-low':
      return undefined;
  }
}
