import type { Db } from '../platform/postgres.js';
import { bytesIn, int2sIn, int4Array, int8Array, int8sIn } from '../platform/pg-arrays.js';
import type { Envelope } from '../protocol/frames.js';
import { envelopeOf, int8 } from './envelope-row.js';
import type { MailboxNo } from './guards.js';
import type { Page, PageWanted } from './mailbox.js';
import { newest } from './newest.js';

const NONE = new Uint8Array();

/** One row a mailbox; its envelopes come as one array a column, or null where there are none. */
interface PageRow extends EnvelopeArrays {
  no: Buffer;
  head: Buffer;
  closed: Buffer;
  current: Buffer;
}

interface EnvelopeArrays {
  seqs: Buffer | null;
  ids: Buffer;
  ats: Buffer;
  registrations: Buffer;
  kinds: Buffer;
  senders: Buffer;
  contents: Buffer;
}

/**
 * Arrays in place of a row an envelope: what a row and its columns cost on their way to Node is paid once a mailbox. Aggregates take what the
 * window gives in its order. Binary, because the text form of bytea costs several times as much.
 */
const SELECT_PAGES = `
select m.no, m.head, m.closed, m.epoch = w.epoch as current, e.*
from unnest($1::int8[], $2::int4[], $3::int8[], $4::int4[], $5::int4[]) as w(mailbox, epoch, after, most, bytes)
cross join lateral (${newest('no, head, closed, epoch', 'w.mailbox')}) m
cross join lateral (
  select array_agg(seq) as seqs, array_agg(id) as ids, array_agg(at) as ats, array_agg(registration) as registrations,
    array_agg(kind) as kinds, array_agg(sender) as senders, array_agg(content) as contents
  from (
    select *, sum(length(content)) over (order by seq rows unbounded preceding) - length(content) as before from (
      select * from envelope where mailbox = w.mailbox and seq > w.after and m.epoch = w.epoch and m.closed = 0 order by seq limit w.most
    ) bounded
  ) weighed where before < w.bytes
) e`;

export async function selectPages(db: Db, wanted: readonly PageWanted[]): Promise<ReadonlyMap<MailboxNo, Page>> {
  const rows = await db.query<PageRow>(
    SELECT_PAGES,
    [
      int8Array(wanted.map((page) => page.mailbox)),
      int4Array(wanted.map((page) => page.epoch)),
      int8Array(wanted.map((page) => page.after)),
      int4Array(wanted.map((page) => page.limit)),
      int4Array(wanted.map((page) => page.bytes)),
    ],
    { name: 'select-pages', binary: true },
  );
  const wishes = new Map(wanted.map((page) => [page.mailbox, page]));
  const pages = new Map<MailboxNo, Page>();
  for (const row of rows) {
    const wish = wishes.get(int8(row.no) as MailboxNo);
    if (wish !== undefined) pages.set(wish.mailbox, pageOf(row, wish));
  }
  return pages;
}

function pageOf(row: PageRow, { limit, bytes }: PageWanted): Page {
  if (row.closed.readInt16BE(0) !== 0) return { kind: 'closed' };
  if (row.current[0] !== 1) return { kind: 'displaced' };
  const envelopes = row.seqs === null ? [] : envelopesIn(row, row.seqs);
  const weight = envelopes.reduce((sum, { content }) => sum + content.length, 0);
  // Full by either limit, it may be the last all the same: the next one, empty, will say so.
  return { kind: 'page', head: int8(row.head), envelopes, isLast: envelopes.length < limit && weight < bytes };
}

function envelopesIn(row: EnvelopeArrays, seqs: Buffer): Envelope[] {
  const [ids, senders, contents] = [bytesIn(row.ids), bytesIn(row.senders), bytesIn(row.contents)];
  const [ats, registrations, kinds] = [int8sIn(row.ats), int2sIn(row.registrations), int2sIn(row.kinds)];
  return int8sIn(seqs).map((seq, index) =>
    envelopeOf({
      seq,
      id: ids[index] ?? NONE,
      at: ats[index] ?? 0,
      registration: registrations[index] ?? 0,
      kind: kinds[index] ?? 0,
      sender: senders[index] ?? null,
      content: contents[index] ?? NONE,
    }),
  );
}
