import type { Db, Reader, Tx } from '../platform/postgres.js';
import { GAP_REASONS, type GapReason } from '../protocol/mail.js';
import type { Stretch, SuspectsPage, Tightest } from './expiry.js';
import type { MailboxNo } from './guards.js';
import { walk } from './newest.js';

const REVOKED = 2;
const NOW = '(extract(epoch from statement_timestamp()) * 1000)::int8';

/**
 * Of a stretch of mailboxes, those whose oldest envelope is old, or that may have taken in more than a stock since it was last counted. It
 * walks all mailboxes again and again: one without mail costs no look at any other table.
 */
export async function selectSuspects(
  reader: Reader,
  { after, most }: Stretch,
  tightest: Tightest,
): Promise<SuspectsPage> {
  const rows = await reader.query<{ no: MailboxNo; account: number; looked: number | null }>(
    `with recursive ${walk('no, account, head, acked_through, bytes_in - bytes_out as bytes, closed', '$1')},
     stretch as materialized (
       select * from walk where closed <> ${String(REVOKED)} limit $4
     ), suspect as (
       select no, account from stretch where bytes > $3
       union
       select s.no, s.account from stretch s
       cross join lateral (select at from envelope where mailbox = s.no and seq > s.acked_through order by seq limit 1) oldest
       where s.head > s.acked_through and oldest.at < ${NOW} - $2::int8
       union
       select s.no, s.account from stretch s join set_aside a on a.mailbox = s.no where a.at < ${NOW} - $2::int8
     )
     select no, account, null::int4 as looked from suspect
     union all (select coalesce(max(no), 0), 0, count(*)::int4 from stretch)`,
    [after, Math.round(tightest.retention), tightest.stock, most],
    { name: 'select-suspects' },
  );
  const last = rows.find(({ looked }) => looked !== null);
  const looked = last?.looked ?? 0;
  return {
    suspects: rows.filter((row) => row !== last).map(({ no, account }) => ({ mailbox: no, accountNo: account })),
    looked,
    next: looked < most ? undefined : last?.no,
  };
}

/** Numbers of `gone` become gaps; islands that touch a gap of the same reason are merged with it, under a new id. */
function gapsFor(reason: GapReason): string {
  return `island as (
    select min(seq) as lo, max(seq) as hi from (select seq, seq - row_number() over (order by seq) as island from gone) numbered group by island
  ), touching as (
    delete from gap g using island i where g.mailbox = $1 and g.reason = ${String(GAP_REASONS[reason])} and (g.hi = i.lo - 1 or g.lo = i.hi + 1)
    returning g.lo, g.hi
  ), piece as (
    select lo, hi from island union select lo, hi from touching
  ), merged as (
    select min(lo) as lo, max(hi) as hi from (
      select lo, hi, count(*) filter (where begins) over (order by lo) as island from (
        select lo, hi, lo > coalesce(lag(hi) over (order by lo), -1) + 1 as begins from piece
      ) edged
    ) numbered group by island
  ), left_behind as (
    insert into gap (mailbox, lo, hi, reason, id)
    select $1, lo, hi, ${String(GAP_REASONS[reason])}, ('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::int8 from merged
  )`;
}

/** Under the lock of the mailbox row, or not at all: `gone` is deleted, gaps stand in its place, and `noted` writes that into the row. */
function removal(reason: GapReason, gone: string, noted: string): string {
  return `with locked as materialized (
    select no, bytes_in from mailbox where no = $1 and closed <> ${String(REVOKED)} for no key update skip locked
  ), ${gone}, ${gapsFor(reason)}, noted as (${noted})
  select count(*)::int4 as removed from gone`;
}

const MARKED = `update mailbox m set gap_mark = m.gap_mark + 1 from locked where m.no = locked.no and exists (select from gone)`;

const OLD = removal(
  'age',
  `gone as (
    delete from envelope e using (
      select mailbox, seq from (
        select e.mailbox, e.seq, e.at from envelope e join locked on e.mailbox = locked.no order by e.seq limit $3
      ) oldest where at < ${NOW} - $2::int8
    ) doomed where e.mailbox = doomed.mailbox and e.seq = doomed.seq returning e.seq
  )`,
  MARKED,
);

const OLD_SET_ASIDE = removal(
  'poison',
  `gone as (
    delete from set_aside e using (
      select s.mailbox, s.seq from set_aside s join locked on s.mailbox = locked.no where s.at < ${NOW} - $2::int8 order by s.seq limit $3
    ) doomed where e.mailbox = doomed.mailbox and e.seq = doomed.seq returning e.seq
  )`,
  MARKED,
);

/** Also notes how much of what came in has left, so that the mailbox is not counted again before it has taken in as much. */
const OVER_STOCK = removal(
  'stock',
  `weighed as (
    select e.mailbox, e.seq, length(e.content) as bytes, sum(length(e.content)) over (order by e.seq desc) as with_newer
    from envelope e join locked on e.mailbox = locked.no
  ), gone as (
    delete from envelope e using (select mailbox, seq from weighed where with_newer > $2::int8 order by seq limit $3) doomed
    where e.mailbox = doomed.mailbox and e.seq = doomed.seq returning e.seq, length(e.content) as bytes
  )`,
  `update mailbox m set bytes_out = locked.bytes_in - (select coalesce(sum(bytes), 0) from weighed) + (select coalesce(sum(bytes), 0) from gone),
     gap_mark = m.gap_mark + (exists (select from gone))::int
   from locked where m.no = locked.no`,
);

export async function deleteOld(
  db: Db,
  mailbox: MailboxNo,
  { retention, most }: { readonly retention: number; readonly most: number },
): Promise<number> {
  return remove(db, { name: 'delete-old', text: OLD }, [mailbox, Math.round(retention), most]);
}

export async function deleteOldSetAside(
  db: Db,
  mailbox: MailboxNo,
  { retention, most }: { readonly retention: number; readonly most: number },
): Promise<number> {
  return remove(db, { name: 'delete-old-set-aside', text: OLD_SET_ASIDE }, [mailbox, Math.round(retention), most]);
}

export async function deleteOverStock(
  db: Db,
  mailbox: MailboxNo,
  { stock, most }: { readonly stock: number; readonly most: number },
): Promise<number> {
  return remove(db, { name: 'delete-over-stock', text: OVER_STOCK }, [mailbox, stock, most]);
}

async function remove(
  db: Db,
  { name, text }: { readonly name: string; readonly text: string },
  values: readonly [mailbox: MailboxNo, bound: number, most: number],
): Promise<number> {
  const [row] = await db.commit<{ removed: number }>(text, values, { name });
  return row?.removed ?? 0;
}

export async function deleteOrphanedNacks(tx: Tx): Promise<void> {
  await tx.sql(
    'delete from nack n where not exists (select from envelope e where e.mailbox = n.mailbox and e.seq = n.seq)',
  );
}
