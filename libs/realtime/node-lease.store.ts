import type { Db } from '../platform/postgres.js';
import type { Peer } from './node-lease.js';

/** The lowest number whose lease ended a minute ago, else a new one. Undefined when another process was faster. */
export async function insertNode(db: Db, address: string | undefined): Promise<number | undefined> {
  const [row] = await db.commit<{ no: number }>(
    `insert into node (no, lease_until, address)
     select coalesce(
       (select no from node where lease_until < now() - interval '60 seconds' order by no limit 1),
       (select (coalesce(max(no), 0) + 1)::int2 from node)), now() + interval '15 seconds', $1
     on conflict (no) do update set lease_until = excluded.lease_until, address = excluded.address where node.lease_until < now()
     returning no`,
    [address ?? null],
  );
  return row?.no;
}

export async function renewNode(db: Db, node: number): Promise<boolean> {
  const rows = await db.commit(
    `update node set lease_until = now() + interval '15 seconds' where no = $1 and lease_until > now() returning no`,
    [node],
  );
  return rows.length === 1;
}

export async function deleteNode(db: Db, node: number): Promise<void> {
  await db.commit('delete from node where no = $1', [node]);
}

export async function selectPeers(db: Db): Promise<readonly Peer[]> {
  return db.query<Peer>('select no as node, address from node where address is not null and lease_until > now()');
}
