import type { Db, Reader } from '../platform/postgres.js';
import { nackReasonOf, NACK_REASONS, type Nack } from '../protocol/mail.js';
import type { SetAsideEnvelope } from '../protocol/mailbox-page.js';
import type { MailboxNo } from './guards.js';
import { envelopeOf, int8 } from './envelope-row.js';
import type { NackVerdict } from './refusals.js';

const MOST_REFUSALS = 3;

/** A stream counts once for an envelope, however often it refuses it. */
export async function insertNack(
  db: Db,
  mailbox: MailboxNo,
  { epoch, sequence, id, reason }: Nack & { readonly epoch: number },
): Promise<NackVerdict> {
  const [row] = await db.commit<{ count: number }>(
    `with mine as materialized (
       select no from mailbox where no = $1 and epoch = $2 and closed = 0 for no key update
     ), named as (
       select e.mailbox, e.seq from envelope e join mine m on m.no = e.mailbox
       where e.seq = $3 and e.id = ('x' || encode($4::bytea, 'hex'))::bit(64)::int8
     ), counted as (
       insert into nack as n (mailbox, seq, epoch, count) select mailbox, seq, $2, 1 from named
       on conflict (mailbox, seq) do update set count = n.count + (n.epoch <> excluded.epoch)::int, epoch = excluded.epoch
       returning mailbox, seq, count
     ), gone as (
       delete from envelope e using counted c where c.count >= ${String(MOST_REFUSALS)} and e.mailbox = c.mailbox and e.seq = c.seq returning e.*
     ), aside as (
       insert into set_aside (mailbox, seq, id, at, registration, kind, sender, content, reason)
       select mailbox, seq, id, at, registration, kind, sender, content, $5::int2 from gone
     )
     select count::int4 from counted`,
    [mailbox, epoch, sequence, Buffer.from(id), NACK_REASONS[reason]],
    { name: 'insert-nack' },
  );
  if (row === undefined) return 'wrong';
  return row.count >= MOST_REFUSALS ? 'aside' : 'noted';
}

export async function selectRefused(reader: Reader, mailbox: MailboxNo, epoch: number): Promise<readonly number[]> {
  const rows = await reader.query<{ seq: number }>('select seq from nack where mailbox = $1 and epoch = $2', [
    mailbox,
    epoch,
  ]);
  return rows.map(({ seq }) => seq);
}

export async function selectLowestWaiting(
  reader: Reader,
  mailbox: MailboxNo,
  epoch: number,
): Promise<number | undefined> {
  const [row] = await reader.query<{ seq: number }>(
    `select e.seq from mailbox m join envelope e on e.mailbox = m.no and e.seq > m.acked_through
     where m.no = $1 and not exists (select from nack n where n.mailbox = e.mailbox and n.seq = e.seq and n.epoch = $2)
     order by e.seq limit 1`,
    [mailbox, epoch],
    { name: 'select-lowest-waiting' },
  );
  return row?.seq;
}

interface SetAsideRow {
  seq: Buffer;
  id: Buffer;
  at: Buffer;
  registration: Buffer;
  kind: Buffer;
  sender: Buffer | null;
  content: Buffer;
  reason: Buffer;
}

export async function selectSetAside(
  reader: Reader,
  mailbox: MailboxNo,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly SetAsideEnvelope[]> {
  const rows = await reader.query<SetAsideRow>(
    `select s.seq, s.id, s.at, s.registration, s.kind, s.sender, s.content, s.reason
     from set_aside s join mailbox m on m.no = s.mailbox and m.closed = 0
     where s.mailbox = $1 and s.seq > $2 order by s.seq limit $3`,
    [mailbox, after, limit],
    { name: 'select-set-aside', binary: true },
  );
  return rows.map(({ seq, id, at, registration, kind, sender, content, reason }) => ({
    envelope: envelopeOf({
      seq: int8(seq),
      id,
      at: int8(at),
      registration: registration.readInt16BE(),
      kind: kind.readInt16BE(),
      sender,
      content,
    }),
    reason: nackReasonOf(reason.readInt16BE()),
  }));
}
