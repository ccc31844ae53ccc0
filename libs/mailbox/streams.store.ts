import type { Db, Reader } from '../platform/postgres.js';
import { int4Array, int8Array } from '../platform/pg-arrays.js';
import type { ListVersion } from '../protocol/ids.js';
import type { MailboxNo } from './guards.js';
import type { Floor, Known, MailboxNews, TakenStream } from './mailbox.js';
import { newest } from './newest.js';

interface TakenRow {
  no: MailboxNo;
  epoch: number;
  head: number;
  acked_through: number;
  list_version: ListVersion;
  gap_mark: number;
  held_by: number | null;
}

export async function takeStreams(
  db: Db,
  mailboxes: readonly MailboxNo[],
  node: number,
): Promise<ReadonlyMap<MailboxNo, TakenStream>> {
  const rows = await db.commit<TakenRow>(
    `with locked as materialized (select no, node from mailbox where no = any($1::int8[]) and closed = 0 order by no for no key update)
     update mailbox m set epoch = m.epoch + 1, node = $2 from locked l where m.no = l.no
     returning m.no, m.epoch, m.head, m.acked_through, m.list_version, m.gap_mark, l.node::int4 as held_by`,
    [int8Array(mailboxes), node],
    { name: 'take-streams' },
  );
  return new Map(
    rows.map((row) => [
      row.no,
      {
        mailbox: row.no,
        epoch: row.epoch,
        head: row.head,
        ackedThrough: row.acked_through,
        listVersion: row.list_version,
        gapMark: row.gap_mark,
        heldBy: row.held_by,
      },
    ]),
  );
}

interface HeadRow {
  no: MailboxNo;
  head: number;
  epoch: number;
  closed: boolean;
  gap_mark: number;
  list_version: ListVersion;
}

/** One query for all streams of a node; only those that differ from what is known come back. */
export async function selectNews(reader: Reader, known: readonly Known[]): Promise<readonly MailboxNews[]> {
  const rows = await reader.query<HeadRow>(
    `select m.no, m.head, m.epoch, m.closed <> 0 as closed, m.gap_mark, m.list_version
     from unnest($1::int8[], $2::int4[], $3::int8[], $4::int4[]) as k(mailbox, epoch, head, gap_mark)
     cross join lateral (${newest('no, head, epoch, closed, gap_mark, list_version', 'k.mailbox')}) m
     where m.head > k.head or m.epoch <> k.epoch or m.closed <> 0 or m.gap_mark <> k.gap_mark`,
    [
      int8Array(known.map((each) => each.mailbox)),
      int4Array(known.map((each) => each.epoch)),
      int8Array(known.map((each) => each.head)),
      int4Array(known.map((each) => each.gapMark)),
    ],
    { name: 'select-news' },
  );
  return rows.map(({ no, head, epoch, closed, gap_mark: gapMark, list_version: listVersion }) => {
    return { mailbox: no, head, epoch, closed, gapMark, listVersion };
  });
}

/** Bounded by the window: beyond it the exact figures do not matter. */
export async function selectUnacked(
  reader: Reader,
  mailbox: MailboxNo,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): Promise<{ readonly envelopes: number; readonly bytes: number }> {
  const [row] = await reader.query<{ envelopes: number; bytes: number }>(
    `select count(*) as envelopes, coalesce(sum(bytes), 0)::int8 as bytes from (
       select length(content) as bytes from envelope where mailbox = $1 and seq > $2 and seq <= $3 order by seq limit $4
     ) given`,
    [mailbox, from, to, most],
    { name: 'select-unacked' },
  );
  return row ?? { envelopes: 0, bytes: 0 };
}

/**
 * Up to before the first that waits, or to the head; where the next stream starts. Head and envelopes are those of one snapshot: a head read
 * under the lock may count a send that was committed while this waited, whose envelopes the snapshot does not show, and they would be skipped.
 */
export async function settleFloor(db: Db, mailbox: MailboxNo, epoch: number): Promise<number> {
  const [row] = await db.commit<{ floor: number }>(
    `with asynchronous as materialized (select set_config('synchronous_commit', 'off', true)), seen as materialized (
       select m.no, coalesce((select min(seq) - 1 from envelope where mailbox = m.no and seq > m.acked_through), m.head) as floor
       from mailbox m, asynchronous where m.no = $1
     ), locked as materialized (select no from mailbox where no = $1 and epoch = $2 for no key update)
     update mailbox m set acked_through = greatest(m.acked_through, s.floor) from seen s, locked l
     where m.no = l.no and s.no = l.no returning m.acked_through as floor`,
    [mailbox, epoch],
    { name: 'settle-floor' },
  );
  return row?.floor ?? 0;
}

/** Nobody holds the stream any more, provided that it is still the one of this epoch. */
export async function releaseStream(db: Db, mailbox: MailboxNo, epoch: number): Promise<void> {
  await db.commit('update mailbox set epoch = epoch + 1, node = null where no = $1 and epoch = $2', [mailbox, epoch]);
}

/** False when another epoch is current, or the mailbox is closed. */
export async function moveStream(
  db: Db,
  mailbox: MailboxNo,
  { epoch, node }: { readonly epoch: number; readonly node: number },
): Promise<boolean> {
  const rows = await db.commit(
    'update mailbox set node = $3 where no = $1 and epoch = $2 and closed = 0 returning no',
    [mailbox, epoch, node],
  );
  return rows.length === 1;
}

/**
 * What still lies below a floor was acked: a crash of the database undid the removal, which had not waited for the disk, and the stream
 * has lived on. It goes now, since no later stream begins that far down. A row's newest versions are found by the `reach` that the snapshot
 * sees; it only grows, so one that was changed since then is found too. By that of the locked row the update would find none: it looks for
 * versions that the snapshot sees, and the floor, which the stream takes for written, would be lost.
 */
export async function updateFloors(db: Db, floors: readonly Floor[]): Promise<void> {
  await db.commit(
    `with asynchronous as materialized (select set_config('synchronous_commit', 'off', true)), floor as materialized (
       select f.*, (${newest('reach', 'f.mailbox')}) as reach
       from unnest($1::int8[], $2::int4[], $3::int8[]) as f(mailbox, epoch, acked), asynchronous
     ), locked as materialized (
       select m.no, f.reach, m.acked_through as before, f.acked
       from floor f join mailbox m on m.no = f.mailbox and m.reach >= f.reach and m.epoch = f.epoch
       order by m.no for no key update of m
     ), behind as (
       select e.place from locked l cross join lateral (
         select ctid as place from envelope where mailbox = l.no and seq > l.before and seq <= l.acked offset 0
       ) e
     ), gone as (
       delete from envelope e using behind where e.ctid = behind.place
     )
     update mailbox m set acked_through = greatest(m.acked_through, l.acked) from locked l where m.no = l.no and m.reach >= l.reach`,
    [
      int8Array(floors.map((floor) => floor.mailbox)),
      int4Array(floors.map((floor) => floor.epoch)),
      int8Array(floors.map((floor) => floor.ackedThrough)),
    ],
    { name: 'update-floors' },
  );
}
