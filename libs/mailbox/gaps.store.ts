import type { Reader, Tx } from '../platform/postgres.js';
import type { Sequence } from '../protocol/ids.js';
import { gapReasonOf, type Gap } from '../protocol/mail.js';
import type { GapAck, GapsWanted } from './gaps.js';

interface GapRow {
  lo: Buffer;
  hi: Buffer;
  id: Buffer;
  reason: Buffer;
}

/** Binary, because the ids are no safe integers. */
export async function selectGaps(reader: Reader, wanted: GapsWanted): Promise<readonly Gap[]> {
  const rows = await reader.query<GapRow>(
    `select g.lo, g.hi, g.id, g.reason from gap g join mailbox m on m.no = g.mailbox and m.epoch = $2 and m.closed = 0
     where g.mailbox = $1 and g.hi > $3 order by g.hi limit $4`,
    [wanted.mailbox, wanted.epoch, wanted.after, wanted.limit],
    { name: 'select-gaps', binary: true },
  );
  return rows.map((row) => ({
    from: Number(row.lo.readBigInt64BE()) as Sequence,
    to: Number(row.hi.readBigInt64BE()) as Sequence,
    id: row.id,
    reason: gapReasonOf(row.reason.readInt16BE()),
  }));
}

export async function deleteGaps(tx: Tx, { mailbox, epoch, lo, hi, id }: GapAck): Promise<boolean> {
  const [row] = await tx.sql('select 1 from mailbox where no = $1 and epoch = $2 and closed = 0 for no key update', [
    mailbox,
    epoch,
  ]);
  if (row === undefined) return false;
  const gone = await tx.sql(
    `delete from gap g using gap named where g.mailbox = $1 and g.hi > $2 and g.hi <= $3
       and named.mailbox = $1 and named.hi = $3 and named.id = ('x' || encode($4::bytea, 'hex'))::bit(64)::int8 returning 1`,
    [mailbox, lo, hi, Buffer.from(id)],
  );
  if (gone.length > 0)
    await tx.sql('update mailbox set gap_mark = 0 where no = $1 and not exists (select from gap where mailbox = $1)', [
      mailbox,
    ]);
  return gone.length > 0;
}
