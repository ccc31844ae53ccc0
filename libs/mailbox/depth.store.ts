import type { Reader } from '../platform/postgres.js';
import type { CandidatesPage, Candidate, Depth } from './depth.js';
import type { MailboxNo } from './guards.js';
import { newest, walk } from './newest.js';

const MAILBOXES_A_PAGE = 5_000;
const COUNTED_AT_MOST = 100_000;
const REVOKED = 2;

export async function selectCandidates(reader: Reader, after: MailboxNo, most: number): Promise<CandidatesPage> {
  const rows = await reader.query<Candidate & { last: boolean }>(
    `with recursive ${walk('no, head - acked_through as behind, closed', '$1')},
     stretch as materialized (
       select no, behind from walk where closed <> ${String(REVOKED)} limit ${String(MAILBOXES_A_PAGE)}
     )
     (select no as mailbox, behind, false as last from stretch where behind > 0 order by behind desc limit $2)
     union all (select max(no), 0, true from stretch having count(*) = ${String(MAILBOXES_A_PAGE)})`,
    [after, most],
    { name: 'select-deep-candidates' },
  );
  return { deepest: rows.filter(({ last }) => !last), next: rows.find(({ last }) => last)?.mailbox };
}

/** The length of content that lies out of line is known without reading it. */
export async function selectDepth(reader: Reader, mailbox: MailboxNo): Promise<Depth> {
  const [row] = await reader.query<Depth>(
    `select count(*)::int4 as envelopes, coalesce(sum(bytes), 0)::int8 as bytes,
       coalesce(greatest((extract(epoch from statement_timestamp()) * 1000)::int8 - min(at), 0), 0) as oldest
     from (
       select length(e.content) as bytes, e.at from (${newest('no, acked_through', '$1')}) m join envelope e on e.mailbox = m.no and e.seq > m.acked_through
       order by e.seq limit ${String(COUNTED_AT_MOST)}
     ) waiting`,
    [mailbox],
    { name: 'select-depth' },
  );
  return row ?? { envelopes: 0, bytes: 0, oldest: 0 };
}
