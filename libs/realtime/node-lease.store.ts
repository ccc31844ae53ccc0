import type { Db } from '../platform/postgres.js';
import type { Peer } from './node-lease.js';

/** The lowest number whose lease ended a minute ago, else a new one. Undefined when another process was faster. */
export async function insertNode(db: Db, owner: string, address: string | undefined): Promise<number | undefined> {
  const [row] = await db.commit<{ no: number }>(
    `insert into node (no, owner, lease_until, address)
     select coalesce(
       (select no from node where lease_until < now() - interval '60 seconds' order by no limit 1),
       (select (coalesce(max(no), 0) + 1)::int2 from node)), $2, now() + interval '15 seconds', $1
     on conflict (no) do update set owner = excluded.owner, lease_until = excluded.lease_until, address = excluded.address where node.lease_until < now()
     returning no`,
    [address ?? null, owner],
  );
  return row?.no;
}

/** False when the number is no longer this owner's. */
export async function renewNode(db: Db, node: number, owner: string): Promise<boolean> {
  const rows = await db.commit(
    `update node set lease_until = now() + interval '15 seconds' where no = $1 and owner = $2 and lease_until > now() returning no`,
    [node, owner],
  );
  return rows.length === 1;
}

export async function deleteNode(db: Db, node: number, owner: string): Promise<void> {
  await db.commit('delete from node where no = $1 and owner = $2', [node, owner]);
}

export async function countNodes(db: Db): Promise<number> {
  const [row] = await db.query<{ nodes: number }>('select count(*)::int4 as nodes from node where lease_until > now()');
  return row?.nodes ?? 0;
}

export async function selectPeers(db: Db): Promise<readonly Peer[]> {
  return db.query<Peer>('select no as node, address from node where address is not null and lease_until > now()');
}
