import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Mailbox } from '../mailbox/mailbox.js';
import { createLogger } from '../platform/log.js';
import { Db } from '../platform/postgres.js';
import { Doorbell } from '../realtime/doorbell.js';
import type { Drain } from './drain.js';
import type { Stream } from './stream.js';
import { MessagingWorld, StreamReader, type Box } from './testing.js';

const SECONDS = 2;
const BOXES = 12;

let world: MessagingWorld;
let alice: Box;
const readers: StreamReader[] = [];

beforeAll(async () => {
  world = await MessagingWorld.create();
  alice = await world.box();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.stop();
});
afterAll(async () => {
  await world.drop();
});

const boxOf = (box: Box) => box.devices[0]!.mailboxNo;

/** A node whose statements are cut off after two seconds; what it logs. */
function hurried(mailboxOn: (db: Db) => Mailbox) {
  const url = new URL(world.database.url);
  url.searchParams.set('options', `-c statement_timeout=${String(SECONDS * 1_000)}`);
  const db = Db.connect({ url: url.toString(), max: 4, application: 'spec' });
  const warnings: string[] = [];
  const log = createLogger({ level: 'warn', app: 'spec' }, { write: (line) => void warnings.push(line) });
  const drain = world.drainOn(db, new Doorbell(), { mailbox: mailboxOn(db), log });
  drain.start(8);
  const stop = async (): Promise<void> => {
    await drain.stop();
    await db.close();
  };
  return { drain, warnings, stop };
}

interface Opened {
  readonly box: Box;
  readonly stream: Stream;
  readonly reader: StreamReader;
}

/** Mailboxes with one envelope each, and a reader for each. */
async function opened(drain: Drain): Promise<Opened[]> {
  const boxes = await Promise.all(Array.from({ length: BOXES }, async () => world.box()));
  for (const box of boxes) await world.appendSilently('waits', alice, box);
  return Promise.all(
    boxes.map(async (box) => {
      const stream = (await drain.open(boxOf(box), () => undefined)) as Stream;
      const reader = new StreamReader(stream);
      readers.push(reader);
      return { box, stream, reader };
    }),
  );
}

describe('a drain over a table where statements run into their timeout', () => {
  it('removes all acks of a batch that fails but the one that made it fail, and logs a line a batch', async () => {
    const { drain, warnings, stop } = hurried((db) => new Mailbox(db));
    const all = await opened(drain);
    const [stuck, ...others] = all as [Opened, ...Opened[]];
    for (const { reader } of all) await reader.until(1);
    await world.db.transact(async (tx) => {
      await tx.sql('select 1 from envelope where mailbox = $1 for update', [boxOf(stuck.box)]);
      const acking = all.map(async ({ stream, reader }) => {
        const acks = reader.given.map(({ sequence, id }) => ({ sequence, id, cumulative: false }));
        return drain.acknowledge(stream, acks);
      });
      expect((await Promise.all(acking)).flat()).toEqual([]);
    });
    for (const { box, stream } of others) {
      expect(await world.stored(boxOf(box))).toEqual([]);
      expect(stream.ended).toBeUndefined();
    }
    expect(await world.stored(boxOf(stuck.box))).toEqual(['1 waits']);
    expect(stuck.stream.ended).toBe('unavailable');
    expect(warnings.filter((line) => line.includes('acks')).length).toBeLessThan(BOXES / 2);
    await stop();
  });

  it('reads pages of fewer mailboxes at once when a query of many fails', async () => {
    const sizes: number[] = [];
    const slow = (db: Db) =>
      new (class extends Mailbox {
        override async pages(...[wanted]: Parameters<Mailbox['pages']>): ReturnType<Mailbox['pages']> {
          sizes.push(wanted.length);
          // A second for each mailbox: more than two of them never come through.
          if (wanted.length > SECONDS) await db.query('select pg_sleep($1)', [wanted.length]);
          return super.pages(wanted);
        }
      })(db);
    const { drain, warnings, stop } = hurried(slow);
    for (const { reader } of await opened(drain)) {
      await reader.until(1);
      expect(reader.given).toHaveLength(1);
    }
    const failed = sizes.filter((size) => size > SECONDS);
    expect(failed.length).toBeGreaterThan(0);
    expect(warnings.filter((line) => line.includes('pages'))).toHaveLength(failed.length);
    expect(drain.size).toBe(BOXES);
    await stop();
  });
});
