/**
 * The row of one mailbox, by its newest versions: `no` alone would begin at the oldest, and while an old snapshot is open (a dump, a forgotten
 * transaction) there may be thousands that nobody but it can see. For reading; a row that was changed since the snapshot is seen as it was.
 */
export function newest(columns: string, no: string): string {
  return `select ${columns} from mailbox where mailbox.no = ${no} order by reach desc limit 1`;
}

/** A recursive `walk`: the rows of all mailboxes after `after`, ascending, each found as `newest` does; whoever reads it says how many. `columns` has `no`. */
export function walk(columns: string, after: string): string {
  const next = (no: string): string =>
    `select ${columns} from mailbox where mailbox.no > ${no} order by no, reach desc limit 1`;
  return `walk as ((${next(after)}) union all select n.* from walk w cross join lateral (${next('w.no')}) n)`;
}
