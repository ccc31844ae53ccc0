import { lockNotGranted, type Db, type Tx } from '../platform/postgres.js';
import { byteaArray, int2Array, int4Array, int8Array, int8BytesArray, uuidArray } from '../platform/pg-arrays.js';
import { CONTROL } from './envelope-row.js';
import type { MailboxNo } from './guards.js';
import { newest } from './newest.js';
import type { AckRange, AckVerdict, Append, AppendResult, AppendVerdict } from './mailbox.js';

const ANY = -1;
const LOCK_PATIENCE = '400ms';

/**
 * The send, one statement a batch. In order: lock the guard rows, the senders' own included, ascending; a verdict for each request by what
 * the locked rows say; a request behind one of the same sender that did not go through is held back with it (D9); insert the keys, where one
 * that was accepted before, or is being committed by another node right now, turns out as a repeat; number under the locks; insert.
 * No rule is read from a second table after waiting for a lock: the snapshot is older than the lock.
 *
 * PostgreSQL takes every array for ten rows, and joins such in nested loops, the square of a batch. So what is joined is hashed whatever its
 * size is taken for (a subquery after `not in`) or found by its place (an array by request: 2, a row was not had; 1, one differs; 0).
 */
const appendStatement = ({ locked, own }: { readonly locked: string; readonly own: string }): string => `
with request as (
  select * from unnest($1::int8[], $2::int4[], $3::uuid[], $4::bytea[], $5::bytea[])
    with ordinality as r(sender, own_version, key, digest, sender_id, no)
), ${locked}, item as materialized (
  select i.request, i.mailbox, i.registration, i.kind, i.id, i.content, i.position, l.head, l.place,
    case when l.no is null then 2
      when l.closed <> 0 or l.registration <> i.registration or (i.list_version <> ${String(ANY)} and l.list_version <> i.list_version) then 1
      else 0 end as fault
  from unnest($6::int4[], $7::int8[], $8::int4[], $9::int2[], $10::int2[], $11::int8[], $12::bytea[])
    with ordinality as i(request, mailbox, list_version, registration, kind, id, content, position)
  left join locked l on l.no = i.mailbox
), fault as (
  select array_agg(worst order by no) as of_request from (
    select no, max(fault) as worst from (select request::int8 as no, fault from item union all select no, 0 from request) every group by no
  ) each
), judged as (
  select r.no, r.sender, r.key, r.digest, r.sender_id,
    case when l.no is null or (select of_request from fault)[r.no::int4] = 2 then $14
      when l.closed <> 0 or (r.own_version <> ${String(ANY)} and l.list_version <> r.own_version) or (select of_request from fault)[r.no::int4] = 1
        then 'mismatch'
      else 'stored' end as verdict
  from request r left join locked l on l.no = r.sender
), verdict as (
  select no, key, digest, sender_id,
    case when verdict = 'stored' and bool_or(verdict in ('busy', 'mismatch'))
      over (partition by sender order by no rows between unbounded preceding and current row) then 'busy' else verdict end as verdict
  from judged
), keyed as (
  insert into sent (key, digest, at)
  select key, digest, (extract(epoch from statement_timestamp()) * 1000)::int8 from verdict where verdict = 'stored' order by key
  on conflict do nothing returning key
), outcome as materialized (
  select no, sender_id, case when verdict = 'stored' and key not in (select key from keyed) then 'repeat' else verdict end as verdict
  from verdict
), numbered as (
  select i.mailbox, i.head + row_number() over (partition by i.mailbox order by i.position) as seq,
    i.id, i.registration, i.kind, o.sender_id, i.content, i.place
  from item i join outcome o on o.no = i.request where o.verdict = 'stored'
), stored as (
  insert into envelope (mailbox, seq, id, at, registration, kind, sender, content)
  select mailbox, seq, id, (extract(epoch from statement_timestamp()) * 1000)::int8, registration, kind, sender_id, content from numbered
), growth as (
  select mailbox, place, count(*) as envelopes, sum(length(content)) as bytes from numbered group by mailbox, place
), grown as (
  update mailbox m set head = m.head + g.envelopes, bytes_in = m.bytes_in + g.bytes
  from growth g where ${own}
  returning m.no, m.head - g.envelopes as base, m.epoch, m.node
)
select no::int4 as request, verdict, (extract(epoch from statement_timestamp()) * 1000)::int8 as at,
  null::int8 as base, null::int4 as epoch, null::int4 as node, null::int8 as mailbox
from outcome
union all
select null, null, null, base, epoch, node::int4, no from grown`;

const GUARD = 'm.no, m.head, m.list_version, m.registration, m.closed, m.ctid as place';

/**
 * Rows are locked and updated at the place where the snapshot sees them, so that each is looked for once. One that was changed since then is
 * not had, like one that somebody holds: the lock follows it to its new place, where this snapshot would not see it to update it. Since 15.15,
 * 16.11, 17.7 and 18 PostgreSQL itself compares the place again ("Add missing EPQ recheck for TID Scan"), before it does not: hence `sought`.
 */
const APPEND = appendStatement({
  locked: `seen as materialized (
  select m.place from unnest($13::int8[]) as n(no) cross join lateral (${newest('ctid as place', 'n.no')}) m
), held as materialized (
  select ${GUARD}, s.place as sought from seen s join mailbox m on m.ctid = s.place for no key update of m skip locked
), locked as materialized (
  select * from held where place = sought
)`,
  own: 'm.ctid = g.place',
});

const APPEND_WAITING = appendStatement({
  locked: `locked as materialized (
  select ${GUARD} from mailbox m where m.no = any($13::int8[]) order by m.no for no key update
)`,
  own: 'm.no = g.mailbox',
});

interface AppendRow {
  request: number | null;
  verdict: AppendVerdict | null;
  at: number | null;
  base: number;
  epoch: number;
  node: number | null;
  mailbox: MailboxNo;
}

export async function append(
  db: Db,
  batch: readonly Append[],
  { wait }: { readonly wait: boolean },
): Promise<AppendResult> {
  const rows = wait
    ? await appendWaiting(db, batch)
    : await db.commit<AppendRow>(APPEND, appendValues(batch, 'busy'), { name: 'append' });
  if (rows === undefined) return { verdicts: batch.map(() => 'busy'), grown: [], acceptedAt: 0 };
  const verdicts: AppendVerdict[] = [];
  const grown = [];
  let acceptedAt = 0;
  for (const row of rows) {
    if (row.request === null || row.verdict === null) {
      grown.push({ mailbox: row.mailbox, base: row.base, epoch: row.epoch, node: row.node });
    } else {
      verdicts[row.request - 1] = row.verdict;
      acceptedAt = row.at ?? acceptedAt;
    }
  }
  return { verdicts, grown, acceptedAt };
}

/** Undefined when the locks were not had in time. */
async function appendWaiting(db: Db, batch: readonly Append[]): Promise<AppendRow[] | undefined> {
  try {
    return await db.transact(async (tx) => {
      await tx.sql(`set local lock_timeout = '${LOCK_PATIENCE}'`);
      return tx.sql<AppendRow>(APPEND_WAITING, appendValues(batch, 'mismatch'), { name: 'append-waiting' });
    });
  } catch (error) {
    if (lockNotGranted(error)) return undefined;
    throw error;
  }
}

/** `ifAbsent`: the verdict on a row that is not there. When the statement waits for locks, such a row is gone and not busy. */
function appendValues(batch: readonly Append[], ifAbsent: AppendVerdict): unknown[] {
  const items = batch.flatMap((request) => request.items);
  const places = batch.flatMap((request, index) => request.items.map(() => index + 1));
  const rows = new Set<number>(items.map((item) => item.mailbox));
  for (const request of batch) rows.add(request.senderMailbox);
  return [
    int8Array(batch.map((request) => request.senderMailbox)),
    int4Array(batch.map((request) => request.ownListVersion ?? ANY)),
    uuidArray(batch.map((request) => request.key)),
    byteaArray(batch.map((request) => request.digest)),
    byteaArray(batch.map((request) => request.sender)),
    int4Array(places),
    int8Array(items.map((item) => item.mailbox)),
    int4Array(items.map((item) => item.listVersion ?? ANY)),
    int2Array(items.map((item) => item.registrationId)),
    int2Array(items.map((item) => item.kind + (item.control ? CONTROL : 0))),
    int8BytesArray(items.map((item) => item.id)),
    byteaArray(items.map((item) => item.content)),
    int8Array([...rows].sort((left, right) => left - right)),
    ifAbsent,
  ];
}

/**
 * `synchronous_commit` is read at commit, so setting it inside the statement is enough to let an ack not wait for the disk. What this stream
 * has refused is left out of a cumulative ack (D11). The envelope at `hi` is looked at only for a pair that was not given on this stream.
 * `offset 0` keeps each range a look of its own: a plan made while `envelope` is nearly empty reads all of it beside the ranges.
 */
const DELETE_ACKED = `
with asynchronous as materialized (select set_config('synchronous_commit', 'off', true)), ack as (
  select * from unnest($1::int8[], $2::int4[], $3::int8[], $4::int8[], $5::int8[], $6::int2[]) with ordinality as a(mailbox, epoch, lo, hi, id, given, no)
), judged as (
  select a.*, case when m.no is null or m.closed <> 0 then 'closed' when m.epoch <> a.epoch then 'displaced' when a.given = 1 then 'removed' when e.id is null then 'absent' when e.id <> a.id then 'wrong' else 'removed' end as verdict
  from ack a left join lateral (${newest('no, epoch, closed', 'a.mailbox')}) m on true
  left join envelope e on e.mailbox = a.mailbox and e.seq = case a.given when 0 then a.hi end
), acked as (
  select e.place from judged j cross join lateral (
    select ctid as place from envelope e where mailbox = j.mailbox and seq > j.lo and seq <= j.hi
      and (j.given = 1 or seq = j.hi or not exists (select from nack n where n.mailbox = e.mailbox and n.seq = e.seq and n.epoch = j.epoch))
    offset 0
  ) e where j.verdict = 'removed'
), gone as (
  delete from envelope e using acked where e.ctid = acked.place
)
select j.no::int4, j.verdict from judged j, asynchronous order by j.no`;

export async function deleteAcked(db: Db, ranges: readonly AckRange[]): Promise<readonly AckVerdict[]> {
  const rows = await db.commit<{ verdict: AckVerdict }>(
    DELETE_ACKED,
    [
      int8Array(ranges.map((range) => range.mailbox)),
      int4Array(ranges.map((range) => range.epoch)),
      int8Array(ranges.map((range) => range.lo)),
      int8Array(ranges.map((range) => range.hi)),
      int8BytesArray(ranges.map((range) => range.id)),
      int2Array(ranges.map((range) => (range.given ? 1 : 0))),
    ],
    { name: 'delete-acked' },
  );
  return rows.map((row) => row.verdict);
}

export async function deleteClosed(tx: Tx, deviceIds: readonly string[], limit: number): Promise<number> {
  const rows = await tx.sql(
    `delete from envelope e using (
       select e.mailbox, e.seq from envelope e join mailbox m on m.no = e.mailbox
       where m.device = any($1::uuid[]) and m.closed = 2 order by e.mailbox, e.seq limit $2
     ) d where e.mailbox = d.mailbox and e.seq = d.seq returning 1`,
    [deviceIds, limit],
  );
  for (const table of ['set_aside', 'gap', 'nack'])
    await tx.sql(
      `delete from ${table} t using mailbox m where m.no = t.mailbox and m.device = any($1::uuid[]) and m.closed = 2`,
      [deviceIds],
    );
  return rows.length;
}
