import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../conformance/client/account.js';
import { percentile, settled, timeUntil, verdictOf } from '../conformance/client/look.js';
import { Tenant, type Place } from '../conformance/client/tenant.js';
import { envelopesOf, mailboxIn, passedOver, slowCommits } from './database.js';
import type { Ledger, Owed } from './ledger.js';
import { connected } from './line.js';
import { judgeMailboxes, type Owner } from './mailboxes.js';
import type { Random } from './random.js';
import { nothingOwed, Reader, type Mode } from './reader.js';
import { SdkPair } from './sdk-pair.js';
import { Whispers } from './whispers.js';
import { Writer, type Member, type WriterParts } from './writer.js';

const ANSWERED_WITHIN = 60_000;
const ARRIVES_WITHIN = 60_000;
const CALM = 9_000;
/**
 * Commits take 100 ms in the calm. Woken, a letter is there soon after; not woken, or woken before its commit, it waits for the next letter's
 * wake-up, or for the look every two seconds.
 */
const WOKEN_WITHIN = 600;
const ALONE_EVERY = 900;
const FLOOD = 150;
const BOTH = [0, 1];

/** No limit stands in the way of the load; the flood has a tenant with the ordinary ones. */
const OPEN = {
  messagesPerMinute: 100_000,
  pairBurst: 100_000,
  pairPerSecond: 10_000,
  prekeyFetches: 10_000,
  prekeyFetchesPerHour: 100_000,
  requestsPerMinute: 100_000,
  grantsPerMinute: 100_000,
  listsPerHour: 100_000,
  failedAuthPerMinute: 10_000,
  devicesPerAccount: 16,
};

interface Person extends Member, Owner {
  readonly readers: readonly Reader[];
}

interface LoadParts {
  readonly ledger: Ledger;
  readonly tenants: readonly [Tenant, Tenant];
  readonly people: readonly Person[];
  readonly writers: readonly Writer[];
  /** Writes in the calm, on one gateway, to a device that is connected to the other. */
  readonly lone: Writer;
  readonly whispers: Whispers;
  readonly sdk: SdkPair;
}

/** All clients of a run: raw ones and the SDK's, the well-behaved and the others. */
export class Load {
  private readonly flooded = { sent: 0, limited: 0 };
  private readonly over = new AbortController();
  private readonly flooding: Promise<void>;

  private constructor(
    private readonly parts: LoadParts,
    [loud, target]: readonly [Account, Account],
  ) {
    const { writers, people } = parts;
    for (const each of [...writers, ...people.flatMap(({ readers }) => readers)]) each.start();
    this.flooding = this.flood(loud, target);
  }

  static async begin(place: Place, of: { readonly ledger: Ledger; readonly random: Random }): Promise<Load> {
    const { ledger } = of;
    const tenants = [await Tenant.create(place), await Tenant.create(place)] as const;
    const [tenant, ordinary] = tenants;
    await tenant.admin('PUT', '/policy', OPEN);
    await ordinary.admin('PUT', '/policy', {});
    const people = [
      await person(tenant, { ...of, name: 'bob', modes: ['streams', 'streams'], nodes: BOTH }),
      await person(tenant, { ...of, name: 'carol', modes: ['streams', 'polls'], nodes: BOTH }),
      await person(tenant, { ...of, name: 'dora', modes: ['streams', 'deaf', 'trickles'], nodes: BOTH }),
    ];
    const quiet = await person(tenant, { ...of, name: 'quiet', modes: ['streams'], nodes: [1] });
    const writer = async (name: string, how: Pick<WriterParts, 'window' | 'pause' | 'over'>): Promise<Writer> => {
      const more = { ledger, random: of.random.fork(), nodes: BOTH, from: await tenant.account(), to: people };
      return new Writer({ name, ...more, ...how });
    };
    const writers = [
      await writer('w1', { window: 8, pause: 60, over: 'stream' }),
      await writer('w2', { window: 4, pause: 40, over: 'stream' }),
      await writer('w3', { window: 1, pause: 25, over: 'stream' }),
      await writer('w4', { window: 2, pause: 120, over: 'rest' }),
    ];
    const alone = { ledger, random: of.random.fork(), from: await tenant.account(), to: [quiet], nodes: [0] };
    const lone = new Writer({ ...alone, name: 'lone', window: 1, pause: ALONE_EVERY, over: 'stream' });
    const whispers = new Whispers(await tenant.account(), await tenant.account(), ledger);
    const sdk = await SdkPair.start(tenant, ledger);
    const parts = { ledger, tenants, people: [...people, quiet], writers, lone, whispers, sdk };
    return new Load(parts, await ordinary.two());
  }

  /** The one in which no limit stands in the way. */
  get tenant(): Tenant {
    return this.parts.tenants[0];
  }

  /** Everybody reads until all that was accepted so far has arrived, so that none of it can be excused by what comes next. */
  async settle(databaseUrl: string): Promise<void> {
    const { ledger } = this.parts;
    const since = Date.now();
    this.behave({ well: true });
    const late = (): readonly Owed[] => ledger.owed().filter(({ acceptedAt }) => acceptedAt < since);
    await timeUntil(() => late().length === 0, ARRIVES_WITHIN, 100);
    for (const { letter, mailbox, acceptedAt } of late())
      ledger.report(
        'lost',
        `"${letter.name}" did not come to ${mailbox} before the restore`,
        letter.begunAt,
        acceptedAt,
      );
    await this.tellWhere(late(), databaseUrl);
    await this.lookBelow(databaseUrl);
    this.behave({ well: false });
  }

  /** The faults are over: everything under way comes to its end, everything accepted arrives, the mailboxes become empty. Answers what was seen. */
  async end(databaseUrl: string): Promise<string> {
    const { ledger, writers, people, sdk, whispers } = this.parts;
    const timer = setTimeout(() => {
      for (const each of [...writers, sdk]) each.giveUp();
    }, ANSWERED_WITHIN);
    const readers = people.flatMap((each) => each.readers);
    this.behave({ well: true });
    this.over.abort();
    await Promise.all([...writers.map(async (writer) => writer.finish()), sdk.finish(), this.flooding]);
    clearTimeout(timer);
    if (!(await nothingOwed(ledger, ARRIVES_WITHIN))) await this.tellWhere(ledger.owed(), databaseUrl);
    const since = Date.now();
    await slowCommits(databaseUrl, 100);
    const median = await this.calm();
    await slowCommits(databaseUrl, 0);
    const whispered = await whispers.end(since);
    await Promise.all(readers.map(async (reader) => reader.finish()));
    await judgeMailboxes(people, ledger);
    await this.lookBelow(databaseUrl);
    const devices = people.flatMap(({ account }) => account.devices.map(({ id }) => id));
    const left = await envelopesOf(databaseUrl, devices);
    if (left > 0)
      ledger.report('leak', `${left} envelopes are left in the table, and all mailboxes are empty`, Date.now());
    await sdk.close();
    for (const tenant of this.parts.tenants) tenant.close();
    const { sent, limited } = this.flooded;
    if (sent > FLOOD && limited === 0) ledger.report('rule', `a flood of ${sent} letters was not limited`, since);
    return `flood: ${sent} sent, ${limited} refused; ${whispered} whispers heard; in the calm half of the letters took ${median} ms or less`;
  }

  /** What did not arrive waits, was removed, or was never there: what the table and the client know of each mailbox that lacks something. */
  private async tellWhere(owed: readonly Owed[], databaseUrl: string): Promise<void> {
    const { people, sdk } = this.parts;
    const raw = people.flatMap(({ account, mailboxes }) =>
      account.devices.map(({ id }, index) => [mailboxes[index] ?? '', id, ''] as const),
    );
    for (const [name, id, told] of [...raw, ...sdk.mailboxes]) {
      const count = owed.filter(({ mailbox }) => mailbox === name).length;
      if (count > 0) console.log(`${count} are owed to ${name}: ${await mailboxIn(databaseUrl, id)}; ${told}`);
    }
  }

  private async lookBelow(databaseUrl: string): Promise<void> {
    const passed = await passedOver(databaseUrl);
    if (passed > 0)
      this.parts.ledger.report('leak', `${passed} envelopes lie below where their next streams begin`, Date.now());
  }

  private async calm(): Promise<number> {
    const { ledger, lone } = this.parts;
    const since = Date.now();
    lone.start();
    await sleep(CALM);
    await lone.finish();
    await nothingOwed(ledger, ARRIVES_WITHIN);
    const latencies = ledger.latencyOf('quiet.0', since);
    const median = percentile(latencies, 0.5);
    if (latencies.length === 0 || median > WOKEN_WITHIN)
      ledger.report(
        'rule',
        `in the calm half of the letters took ${median} ms: nobody is woken after the commit`,
        since,
        Date.now(),
      );
    return median;
  }

  private behave({ well }: { readonly well: boolean }): void {
    for (const { readers } of this.parts.people) for (const reader of readers) reader.behave({ well });
  }

  private isOver(): boolean {
    return this.over.signal.aborted;
  }

  /** One that sends as fast as it can, under the ordinary limits. */
  private async flood(from: Account, to: Account): Promise<void> {
    while (!this.isOver()) {
      const stream = await connected(from, 0);
      for (let sent = 0; sent < FLOOD && stream?.isOpen === true && !this.isOver(); sent += 1) {
        const answer = await settled(stream.send(from.phone.letter([to], 'flood')));
        if (answer instanceof Error) break;
        this.flooded.sent += 1;
        if (verdictOf(answer) === 'limited') this.flooded.limited += 1;
      }
      stream?.cut();
      await sleep(1_500);
    }
  }
}

async function person(
  tenant: Tenant,
  of: {
    readonly name: string;
    /** One for each device. */
    readonly modes: readonly Mode[];
    readonly nodes: readonly number[];
    readonly ledger: Ledger;
    readonly random: Random;
  },
): Promise<Person> {
  const account = await tenant.account();
  for (let device = 1; device < of.modes.length; device += 1) await account.link();
  const mailboxes = of.modes.map((_, index) => `${of.name}.${index}`);
  const readers = of.modes.map((mode, index) => {
    const device = account.devices[index];
    if (device === undefined) throw new Error(`${of.name} has no device ${index}`);
    return new Reader({ ...of, random: of.random.fork(), device, mailbox: mailboxes[index] ?? '', mode });
  });
  return { account, mailboxes, readers };
}
