import type { DeviceId } from '../protocol/ids.js';
import type { Ready, ServerFrame } from '../protocol/frames.js';
import { Accounts } from './accounts.js';
import { ServerClock } from './clock.js';
import { Connection } from './connection.js';
import { SottoError, sottoError } from './errors.js';
import { Events } from './events.js';
import type { Host } from './host.js';
import { Inbox } from './inbox.js';
import { LinkApprover } from './link-old.js';
import { newsOfDevices } from './own-devices.js';
import { offerHistory } from './own-history.js';
import { OwnLists } from './own-lists.js';
import { newRegistrationId, PrekeyKeeper } from './prekeys.js';
import { Ratchet } from './ratchet.js';
import { Receiver } from './receiver.js';
import { Rest, serverInfo } from './rest.js';
import { Sealer } from './sealer.js';
import { Sender } from './sender.js';
import { isTrustedLess, type HeldAccount } from './store/accounts.store.js';
import { deviceNameOf } from './store/confirmed.store.js';
import type { Custody } from './store/custody.js';
import { holdsOwnStart } from './store/own-lists.store.js';
import {
  loadSelf,
  resetDue,
  saveGateway,
  saveRegistrationId,
  saveTrustFloor,
  saveUnknown,
  takeIncarnation,
  trustFloor,
  wasUnknown,
  type Self,
} from './store/self.store.js';
import type { Store } from './store/store.js';
import { Tokens } from './tokens.js';
import { TrustGate } from './trust.js';

const HOUR = 60 * 60 * 1000;
/** For a notice that was lost. */
const RETRY_LINKING = 90 * 1000;

/**
 * One running client: the parts, and how news from the server reaches them. Nothing here decides anything about keys or mail.
 */
export class Parts {
  readonly events = new Events();
  readonly clock: ServerClock;
  readonly rest: Rest;
  readonly accounts: Accounts;
  readonly gate: TrustGate;
  readonly ratchet: Ratchet;
  readonly inbox: Inbox;
  readonly connection: Connection;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly lists: OwnLists;
  readonly approver: LinkApprover;
  readonly keeper: PrekeyKeeper;
  private readonly tokens: Tokens;
  private readonly closing = new AbortController();
  private chores: Promise<void> = Promise.resolve();
  private gateway: string;
  /** The last attempt to connect came to nothing. */
  private unreached = false;

  constructor(
    readonly store: Store,
    readonly self: Self,
    private readonly host: Host,
    private readonly custody: Custody['kind'],
  ) {
    const now = (): number => this.clock.now();
    const address = { host, server: self.server };
    this.gateway = self.gateway;
    this.clock = new ServerClock(host, store);
    this.tokens = new Tokens(store, this.clock, address, () => this.startOver());
    this.rest = new Rest(address, this.tokens);
    this.gate = new TrustGate(store, self);
    this.ratchet = new Ratchet(store, this.gate, now);
    this.accounts = new Accounts(store, this.rest, { ...self, now }, (account, before) => {
      this.tellOf(account, before);
    });
    this.connection = new Connection(host, this.tokens, () => this.gateway, this.listener());
    const sealer = new Sealer(store, this.accounts, this.gate, this.ratchet, {
      accountId: self.accountId,
      source: this.rest,
    });
    this.sender = new Sender(store, this.connection, sealer, this.accounts, {
      host,
      clock: this.clock,
      events: this.events,
    });
    this.inbox = new Inbox(store, self.accountId, () => {
      this.receiver.roomAgain();
    });
    const world = { own: self.accountId, now, delay: host.delay.bind(host), events: this.events };
    this.receiver = new Receiver(store, this.connection, this.accounts, this.gate, this.ratchet, this.inbox, world);
    this.lists = new OwnLists(store, self, this.rest, this.accounts);
    const { rest, accounts, lists, events, connection: line } = this;
    this.approver = new LinkApprover({ store, self, line, rest, accounts, lists, events, now });
    this.keeper = new PrekeyKeeper(store, this.rest, now);
    void this.every(HOUR, () => this.keeper.keep({ oneTime: 0, kyber: 0, low: false }));
    void this.every(RETRY_LINKING, () => this.approver.resume());
  }

  get closed(): boolean {
    return this.closing.signal.aborted;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.approver.lost();
    await this.connection.stop();
    await Promise.all([this.sender.close(), this.receiver.close(), this.chores]);
    this.store.close();
  }

  private listener(): ConstructorParameters<typeof Connection>[3] {
    return {
      beforeOpen: () => this.beforeOpen(),
      onReady: (ready) => {
        this.ready(ready);
      },
      onFrame: (frame) => {
        this.frame(frame);
      },
      onDown: (down) => {
        this.approver.lost();
        this.unreached = down.code === undefined;
        this.events.emit({ kind: 'disconnected', ...down });
      },
      onStopped: (error) => {
        this.approver.lost();
        this.events.emit({ kind: 'stopped', error: this.named(error) });
      },
    };
  }

  private ready(ready: Ready): void {
    this.receiver.restart();
    if (this.store.transact((tx) => takeIncarnation(tx, ready.incarnation))) this.events.emit({ kind: 'reset' });
    this.events.emit({ kind: 'connected', head: ready.head });
    if (resetDue(this.store)) this.chore(() => this.heal(ready));
    else this.goOn(ready);
  }

  /** Before anything is sent: what this device knows of its account and the restored server does not (D26). */
  private async heal(ready: Ready): Promise<void> {
    const { accounts, closing, host, rest, self, store } = this;
    try {
      // Until it is told, the server shows an older list than is held here: whoever wants it waits, and sees no rollback.
      const refused = await accounts.alone(self.accountId, () =>
        offerHistory({ store, rest, host }, self.accountId, closing.signal),
      );
      if (refused !== undefined) this.events.emit({ kind: 'trouble', error: refused });
    } finally {
      if (!this.closed) {
        this.goOn(ready);
        this.ownListChanged();
      }
    }
  }

  private goOn(ready: Ready): void {
    const held = this.accounts.held(this.self.accountId)?.listVersion;
    if (ready.listVersion !== held || !holdsOwnStart(this.store)) this.ownListChanged();
    else this.resumeLinking();
    this.chore(async () => {
      await this.keeper.register();
      // With a new registration the stock is full, whatever `ready` said.
      if (!(await this.keeper.reoffer())) await this.keeper.keep(ready.stock);
    });
    this.chore(() => this.followPolicy());
    this.sender.resume();
  }

  /** What the tenant asks for beyond the own rule is followed; what it asks less is not. */
  private async followPolicy(): Promise<void> {
    const { trust } = await this.rest.policy();
    if (!isTrustedLess(trustFloor(this.store), trust)) return;
    this.store.transact((tx) => {
      saveTrustFloor(tx, trust);
    });
  }

  private async beforeOpen(): Promise<void> {
    if (this.unreached) await this.findGateway();
    await this.demoOnly();
    if (!wasUnknown(this.store)) return;
    await this.keeper.register();
    await this.keeper.reoffer();
  }

  /** It may have moved since it was enrolled: the server says where it is (`GET /v1/server`). */
  private async findGateway(): Promise<void> {
    const { host, self } = this;
    const info = await serverInfo({ host, server: self.server }).catch(() => undefined);
    if (info === undefined || info.gateway === this.gateway || this.closed) return;
    this.gateway = info.gateway;
    this.store.transact((tx) => {
      saveGateway(tx, info.gateway);
    });
  }

  /** No token for this device: what that means is said by name. */
  private named(error: SottoError): SottoError {
    if (error.problem?.code !== 'assertion_invalid' || this.closed) return error;
    this.store.transact(saveUnknown);
    return new SottoError('unknown_to_server', { problem: error.problem, cause: error });
  }

  /** A key beside the messages is for tenants made for trying out. */
  private async demoOnly(): Promise<void> {
    if (this.custody === 'demo' && (await this.rest.policy()).demo !== true) throw new SottoError('demo_only');
  }

  private frame(frame: Exclude<ServerFrame, { readonly kind: 'ready' | 'answer' }>): void {
    switch (frame.kind) {
      case 'deliveries':
        this.receiver.deliver(frame.envelopes);
        return;
      case 'queue-empty':
        this.receiver.queueEmpty();
        return;
      case 'gap':
        this.receiver.gap(frame.gap);
        return;
      case 'ephemeral':
        // This version gives its applications nothing that is ephemeral.
        return;
      case 'prekeys-low':
        this.events.emit({ kind: 'prekeys-low', stock: frame.stock });
        this.chore(() => this.keeper.keep(frame.stock));
        return;
      case 'devices-changed':
        this.ownListChanged();
        return;
      case 'link':
        this.approver.hear(frame.link);
        return;
      case 'problem':
        this.events.emit({ kind: 'trouble', error: new SottoError(frame.problem.code, { problem: frame.problem }) });
        return;
      case 'ack-refused':
        this.events.emit({
          kind: 'trouble',
          error: new SottoError('not_found', { detail: `ack of ${String(frame.sequence)}` }),
        });
    }
  }

  private ownListChanged(): void {
    this.accounts.suspect(this.self.accountId);
    this.chore(async () => {
      await this.accounts.current(this.self.accountId);
      this.gate.recipients(this.self.accountId);
    });
    this.resumeLinking();
  }

  /** A device that was confirmed here waits for its list: what has changed may be an admin's word. */
  private resumeLinking(): void {
    if (this.approver.waits) this.chore(() => this.approver.resume());
  }

  private tellOf(account: HeldAccount, before: HeldAccount | undefined): void {
    const { accountId, listVersion } = account;
    this.events.emit({ kind: 'devices-changed', accountId, listVersion });
    if (accountId !== this.self.accountId || before === undefined) return;
    const nameOf = (deviceId: DeviceId) => deviceNameOf(this.store, deviceId);
    for (const event of newsOfDevices(before, account, { self: this.self.deviceId, nameOf })) this.events.emit(event);
  }

  /** Work that nobody waits for; what goes wrong is told and tried again at the next occasion. */
  private chore(work: () => Promise<void>): void {
    if (this.closing.signal.aborted) return;
    const done = work().catch((error: unknown) => {
      if (!this.closing.signal.aborted)
        this.events.emit({ kind: 'trouble', error: sottoError(error) ?? new SottoError('internal', { cause: error }) });
    });
    this.chores = Promise.all([this.chores, done]).then(() => undefined);
  }

  private async every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.host.delay(ms, signal);
      if (this.connection.ready) this.chore(work);
    }
  }

  /** The server has seen a later assertion than this store knows: it was restored or copied (IDENTITY "Tokens"). */
  private async startOver(): Promise<void> {
    await this.ratchet.work((unit) => {
      unit.archiveAll();
      unit.commit((tx) => {
        saveRegistrationId(tx, newRegistrationId(this.host, tx));
      });
      return Promise.resolve();
    });
    this.events.emit({ kind: 'store-restored' });
  }
}

/** The parts of a store that belongs to a device, finished or not. */
export function partsOf(store: Store, host: Host, custody: Custody['kind']): Parts | undefined {
  const self = loadSelf(store);
  return self === undefined ? undefined : new Parts(store, self, host, custody);
}
