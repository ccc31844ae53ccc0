import type pg from 'pg';
import { byteaArray, int8Array } from '../../../libs/platform/pg-arrays.js';
import { BytesClient } from '../../../libs/platform/pg-bytes.js';

/** The columns that delivery cannot do without, stored as Sotto's envelopes are: same fill, same vacuum, content out of line only when large. */
const TABLE = `
drop table if exists floor_mail, floor_device, floor_prekey;
create table floor_mail (mailbox int8 not null, seq int8 not null, content bytea not null, primary key (mailbox, seq))
  with (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);
alter table floor_mail alter column content set storage external;
create table floor_device (no int8 primary key, counter int8 not null) with (fillfactor = 50);
create table floor_prekey (device int8 not null, id int4 not null, bytes bytea not null, primary key (device, id))`;

const RAW = { getTypeParser: () => (value: unknown) => value };

export interface Rows {
  readonly mailboxes: number[];
  readonly sequences: number[];
  readonly contents: Buffer[];
}

/**
 * A table that is emptied as fast as it is filled has statistics that are never right: without this, plans made while it was small read all of
 * it for every batch.
 */
const NO_SCANS = '-c enable_seqscan=off';

/** One connection a kind of work: inserts, deletes and reads run beside each other, and never more than one of each. */
export class FloorStore {
  private constructor(
    private readonly inserts: pg.Client,
    private readonly deletes: pg.Client,
    private readonly reads: pg.Client,
  ) {}

  static async open(connectionString: string): Promise<FloorStore> {
    const clients = await Promise.all(
      ['synchronous_commit=on', 'synchronous_commit=off', 'synchronous_commit=on'].map(async (setting) => {
        const client = new BytesClient({
          connectionString,
          options: `-c ${setting} ${NO_SCANS}`,
          application_name: 'floor',
        });
        await client.connect();
        return client;
      }),
    );
    const [inserts, deletes, reads] = clients as [pg.Client, pg.Client, pg.Client];
    await inserts.query(TABLE);
    return new FloorStore(inserts, deletes, reads);
  }

  /** One multi-row INSERT, committed when it resolves. */
  async insert({ mailboxes, sequences, contents }: Rows): Promise<void> {
    await this.inserts.query({
      name: 'insert',
      text: 'insert into floor_mail select * from unnest($1::int8[], $2::int8[], $3::bytea[])',
      values: [int8Array(mailboxes), int8Array(sequences), byteaArray(contents)],
    });
  }

  /** One batched DELETE; it need not wait for the disk, as Sotto's does not. */
  async delete(mailboxes: number[], from: number[], through: number[]): Promise<void> {
    await this.deletes.query({
      name: 'delete',
      text: `delete from floor_mail m using unnest($1::int8[], $2::int8[], $3::int8[]) as a(mailbox, lo, hi)
             where m.mailbox = a.mailbox and m.seq > a.lo and m.seq <= a.hi`,
      values: [int8Array(mailboxes), int8Array(from), int8Array(through)],
    });
  }

  async page(mailbox: number, after: number): Promise<readonly { readonly content: Buffer }[]> {
    const { rows } = await this.reads.query<{ content: Buffer }>({
      name: 'page',
      text: 'select content from floor_mail where mailbox = $1 and seq > $2 order by seq limit 500',
      values: [mailbox, after],
      binary: true,
      types: RAW,
    } as pg.QueryConfig);
    return rows;
  }

  /** What a token or a bundle cannot do without: one durable statement. */
  async count(device: number): Promise<void> {
    await this.inserts.query({
      name: 'count',
      text: 'insert into floor_device values ($1, 1) on conflict (no) do update set counter = floor_device.counter + 1',
      values: [device],
    });
  }

  async takeKey(device: number): Promise<Buffer | undefined> {
    const { rows } = await this.inserts.query<{ bytes: Buffer }>({
      name: 'take',
      text: `delete from floor_prekey where (device, id) = (
               select device, id from floor_prekey where device = $1 order by id limit 1 for update skip locked) returning bytes`,
      values: [device],
      binary: true,
      types: RAW,
    } as pg.QueryConfig);
    return rows[0]?.bytes;
  }
}
