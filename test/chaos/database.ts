import pg from 'pg';

/** How many connections there are, and how many of them have stood in a transaction for long. */
export async function connectionsOf(url: string): Promise<{ readonly all: number; readonly stuck: number }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ all: number; stuck: number }>(
      `select count(*)::int4 as all, (count(*) filter (where state like 'idle in transaction%' and state_change < now() - interval '5 s'))::int4 as stuck
         from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return rows[0] ?? { all: 0, stuck: 0 };
  });
}

/** Envelopes that the table holds for these devices, whatever a stream would show of them. */
export async function envelopesOf(url: string, deviceIds: readonly string[]): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ left: number }>(
      'select count(*)::int4 as left from envelope e join mailbox m on m.no = e.mailbox where m.device = any($1::uuid[])',
      [deviceIds],
    );
    return rows[0]?.left ?? 0;
  });
}

/** Envelopes below the number from which their mailbox's next stream begins: nobody would ever be given them. */
export async function passedOver(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ left: number }>(
      'select count(*)::int4 as left from envelope e join mailbox m on m.no = e.mailbox where e.seq <= m.acked_through and m.closed = 0',
    );
    return rows[0]?.left ?? 0;
  });
}

/** A mailbox as the table has it, in one line for a person who looks for what did not arrive. */
export async function mailboxIn(url: string, deviceId: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ told: string }>(
      `select format('head %s, next stream begins after %s, epoch %s of node %s (lease %s), closed %s; %s wait (%s to %s), %s gaps, %s set aside',
                     m.head, m.acked_through, m.epoch, m.node, coalesce(n.lease_until::text, 'none'), m.closed,
                     e.count, e.lo, e.hi,
                     (select count(*) from gap where mailbox = m.no), (select count(*) from set_aside where mailbox = m.no)) as told
         from mailbox m
         left join node n on n.no = m.node
         cross join lateral (select count(*), min(seq) as lo, max(seq) as hi from envelope where mailbox = m.no) e
        where m.device = $1`,
      [deviceId],
    );
    return rows[0]?.told ?? 'no such mailbox';
  });
}

/** Every commit that is flushed waits so many milliseconds before it can be seen: what is said before a commit is then said far too early. */
export async function slowCommits(url: string, ms: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`alter system set commit_delay = ${ms * 1_000}`);
    await client.query('alter system set commit_siblings = 0');
    await client.query('select pg_reload_conf()');
  });
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
