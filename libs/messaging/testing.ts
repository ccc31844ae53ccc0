import { DeviceWorld } from '../devices/testing.js';
import { Gaps } from '../mailbox/gaps.js';
import { Guards, type GuardedDevice, type MailboxNo } from '../mailbox/guards.js';
import { Mailbox, type AppendItem } from '../mailbox/mailbox.js';
import { Refusals } from '../mailbox/refusals.js';
import { systemIds } from '../platform/ids.js';
import { Limiter } from '../platform/limiter.js';
import { createLogger, type Logger } from '../platform/log.js';
import { Metrics } from '../platform/metrics.js';
import type { Db } from '../platform/postgres.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import type { Envelope, SendOutcome } from '../protocol/frames.js';
import {
  uuidToBytes,
  type AccountId,
  type Caller,
  type DeviceId,
  type IdempotencyKey,
  type ListVersion,
  type RegistrationId,
} from '../protocol/ids.js';
import type { Gap } from '../protocol/mail.js';
import type { Recipient, SendRequest } from '../protocol/send-request.js';
import { Doorbell, type PubSub } from '../realtime/doorbell.js';
import { DeviceSets } from './device-sets.js';
import { Drain } from './drain.js';
import { Ephemerals } from './ephemerals.js';
import { MessagingEvents } from './events.js';
import { SendLimits } from './limits.js';
import { Sender } from './send.js';
import { storedKey } from './send-key.js';
import type { Stream, StreamEnd } from './stream.js';

/** Specs write more than people do. */
export const LOOSE = { messagesPerMinute: 100_000, pairBurst: 100_000, pairPerSecond: 1_000 };

/** An account with mailboxes and without keys: all that the heart looks at. */
export interface Box {
  readonly accountId: AccountId;
  readonly accountNo: number;
  readonly devices: readonly (GuardedDevice & { readonly caller: Caller })[];
}

/** A process, as far as messages are concerned. */
export interface TestNode {
  readonly no: number;
  readonly sender: Sender;
  readonly drain: Drain;
  readonly doorbell: Doorbell;
}

/** The real classes of the heart over a real database, as many nodes as a spec wants, and the few acts that specs repeat. */
export class MessagingWorld {
  readonly log: Logger = createLogger({ level: 'silent', app: 'spec' });
  readonly guards = new Guards();
  readonly mailbox: Mailbox;
  /** One for all nodes. */
  readonly limiter: Limiter;
  private readonly nodes: TestNode[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly devices: DeviceWorld,
  ) {
    this.mailbox = new Mailbox(database.db);
    this.limiter = new Limiter(devices.clock);
  }

  static async create(): Promise<MessagingWorld> {
    const database = await testDatabase();
    const world = new MessagingWorld(database, await DeviceWorld.create(database.db));
    await world.devices.tenants.setPolicy(world.devices.tenantId, LOOSE);
    await world.mailbox.ensureKeyPartitions(world.devices.clock.now());
    return world;
  }

  get db(): Db {
    return this.database.db;
  }

  async drop(): Promise<void> {
    for (const { drain, doorbell } of this.nodes) {
      await drain.stop();
      await doorbell.stop();
    }
    await this.database.drop();
  }

  async node(no: number, pubsub?: PubSub, mailbox = new Mailbox(this.db)): Promise<TestNode> {
    const doorbell = new Doorbell(pubsub);
    const drain = this.drainOn(this.db, doorbell, { mailbox });
    const sender = this.senderOn(this.db, doorbell, drain);
    const node = { no, sender, drain, doorbell };
    this.nodes.push(node);
    await doorbell.listen(no, (rings) => {
      drain.hear(rings);
    });
    drain.start(no);
    return node;
  }

  /** Over a database connection of the spec's choice. */
  senderOn(db: Db, doorbell = new Doorbell(), drain = this.drainOn(db, doorbell)): Sender {
    const { accounts, bundles, clock, tenants } = this.devices;
    const parts = {
      limits: new SendLimits(this.limiter, tenants),
      sets: new DeviceSets(accounts, this.guards),
      mailbox: new Mailbox(db),
      bundles,
      doorbell,
      ephemerals: new Ephemerals(drain, doorbell, clock),
      events: new MessagingEvents(new Metrics()),
    };
    return new Sender(db, parts, clock, systemIds);
  }

  drainOn(
    db: Db,
    doorbell: Doorbell,
    { mailbox = new Mailbox(db), log = this.log }: { readonly mailbox?: Mailbox; readonly log?: Logger } = {},
  ): Drain {
    return new Drain({
      mailbox,
      gaps: new Gaps(db),
      refusals: new Refusals(db),
      doorbell,
      events: new MessagingEvents(new Metrics()),
      log,
    });
  }

  async box(devices = 1): Promise<Box> {
    const { accounts, tenantId } = this.devices;
    return this.db.transact(async (tx) => {
      const created = await accounts.create(tx, tenantId);
      if (created.kind === 'problem') throw new Error(created.detail);
      const { no, id } = created.account;
      const listVersion = await accounts.bumpListVersion(tx, no);
      const made = [];
      for (let index = 0; index < devices; index += 1) {
        const deviceId = systemIds.uuid<DeviceId>();
        const registrationId = (index + 1) as RegistrationId;
        const mailboxNo = await this.guards.open(tx, { accountNo: no, deviceId, registrationId, listVersion });
        made.push({ deviceId, registrationId, mailboxNo, node: null, caller: { tenantId, accountId: id, deviceId } });
      }
      return { accountNo: no, accountId: id, devices: made };
    });
  }

  /** A key of now, or of so many milliseconds from now. */
  key(offset = 0): IdempotencyKey {
    const bytes = systemIds.bytes(16);
    bytes.writeUIntBE(this.devices.clock.now() + offset, 0, 6);
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as IdempotencyKey;
  }

  /** To all devices of each box, with this text. */
  request(text: string, to: readonly Box[], more: Partial<SendRequest> = {}): SendRequest {
    return {
      idempotencyKey: this.key(),
      class: 'durable',
      urgent: false,
      bundles: false,
      clientTimestamp: 0,
      recipients: to.map((box) => recipient(text, box)),
      ...more,
    };
  }

  /** Committed by a process that is killed before it rings. */
  async appendSilently(text: string, from: Box, to: Box): Promise<void> {
    const [device] = from.devices;
    if (device === undefined) throw new Error('the sender has no device');
    const { deviceId, mailboxNo, caller } = device;
    const items = to.devices.map((device): AppendItem => ({
      mailbox: device.mailboxNo,
      listVersion: undefined,
      registrationId: device.registrationId,
      kind: 2,
      control: false,
      id: systemIds.bytes(8),
      content: Buffer.from(text),
    }));
    const sender = Buffer.concat([uuidToBytes(caller.accountId), uuidToBytes(deviceId)]);
    const append = {
      senderMailbox: mailboxNo,
      ownListVersion: undefined,
      key: storedKey(deviceId, this.key()),
      sender,
    };
    const result = await this.mailbox.append([{ ...append, digest: systemIds.bytes(32), items }], { wait: true });
    if (result.verdicts[0] !== 'stored') throw new Error(`not stored: ${String(result.verdicts[0])}`);
  }

  /** What stands in the table, in order. */
  async stored(mailbox: MailboxNo): Promise<readonly string[]> {
    const rows = await this.db.query<{ seq: number; content: Buffer }>(
      'select seq, content from envelope where mailbox = $1 order by seq',
      [mailbox],
    );
    return rows.map(({ seq, content }) => `${String(seq)} ${content.toString()}`);
  }

  /** Until so many statements of this database wait for a lock. */
  async untilBlocked(statements: number): Promise<void> {
    for (;;) {
      const waiting = await this.db.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting.length >= statements) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Holds the mailbox row in a transaction until the answer is called, which does its work there and commits. */
  async hold(mailbox: MailboxNo): Promise<{ release(): Promise<void> }> {
    let held: () => void = () => undefined;
    let release: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (held = resolve));
    const wanted = new Promise<void>((resolve) => (release = resolve));
    const done = this.db.transact(async (tx) => {
      await tx.sql('select 1 from mailbox where no = $1 for no key update', [mailbox]);
      held();
      await wanted;
    });
    await isHeld;
    return {
      release: async () => {
        release();
        await done;
      },
    };
  }
}

export function recipient(text: string, box: Box, devices = box.devices): Recipient {
  return {
    accountId: box.accountId,
    listVersion: 1 as ListVersion,
    coverage: 'complete',
    envelopes: devices.map(({ deviceId, registrationId }) => ({
      deviceId,
      registrationId,
      kind: 2,
      control: false,
      content: Buffer.from(text),
    })),
  };
}

export function told(outcome: SendOutcome): string {
  return outcome.kind === 'problem' ? outcome.code : outcome.kind;
}

/** Reads a stream to its end, all the time; what it was given can be awaited. */
export class StreamReader {
  readonly given: Envelope[] = [];
  readonly gaps: Gap[] = [];
  readonly passed: Uint8Array[] = [];
  empties = 0;
  readonly ended: Promise<StreamEnd>;
  private changed: () => void = () => undefined;

  constructor(
    readonly stream: Stream,
    private readonly onEnvelopes: (envelopes: readonly Envelope[]) => Promise<unknown> = async () => Promise.resolve(),
  ) {
    this.ended = this.read();
  }

  get texts(): readonly string[] {
    return this.given.map(({ sequence, content }) => `${String(sequence)} ${Buffer.from(content).toString()}`);
  }

  /** Until so many envelopes were given, and `queue-empty` so many times. */
  async until(envelopes: number, empties = 0): Promise<this> {
    while (this.given.length < envelopes || this.empties < empties)
      await new Promise<void>((resolve) => (this.changed = resolve));
    return this;
  }

  async untilGap(): Promise<this> {
    while (this.gaps.length === 0) await new Promise<void>((resolve) => (this.changed = resolve));
    return this;
  }

  async untilPassed(): Promise<void> {
    while (this.passed.length === 0) await new Promise<void>((resolve) => (this.changed = resolve));
  }

  async stop(): Promise<void> {
    this.stream.end('stopped');
    await this.ended;
  }

  private async read(): Promise<StreamEnd> {
    for (let event = await this.stream.next(); event !== undefined; event = await this.stream.next()) {
      if (event.kind === 'queue-empty') this.empties += 1;
      else if (event.kind === 'gap') this.gaps.push(event.gap);
      else if (event.kind === 'ephemeral') this.passed.push(event.frame);
      else {
        await this.onEnvelopes(event.envelopes);
        this.given.push(...event.envelopes);
      }
      this.changed();
    }
    return this.stream.ended ?? 'stopped';
  }
}

/** A database whose commits wait for `before`, which knows the how manieth it is and may fail in its place. */
export function hindered(db: Db, before: (no: number) => Promise<void>): Db {
  let commits = 0;
  return new Proxy(db, {
    get: (real, name) => {
      if (name !== 'commit') return Reflect.get(real, name, real) as unknown;
      return async (...args: Parameters<Db['commit']>) => {
        await before((commits += 1));
        return real.commit(...args);
      };
    },
  });
}
