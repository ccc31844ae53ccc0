import type { DatabaseState, Snapshot } from './database-state.js';
import type { Reader } from './postgres.js';

/** Vacuum itself holds nobody back; a session that only reads and has no snapshot now does not either. */
export async function selectSnapshots(reader: Reader): Promise<readonly Snapshot[]> {
  return reader.query<Snapshot>(
    `select distinct on (holder) holder, name, coalesce(seconds, 0)::float8 as seconds, coalesce(transactions, 0)::float8 as transactions from (
       select case backend_type when 'walsender' then 'standby' else 'session' end as holder,
         format('process %s (%s, %s)', pid, coalesce(nullif(application_name, ''), 'no name'), coalesce(state, 'unknown state')) as name,
         greatest(extract(epoch from clock_timestamp() - xact_start), 0) as seconds,
         greatest(age(backend_xmin), age(backend_xid)) as transactions
       from pg_stat_activity
       where (datname = current_database() or backend_type = 'walsender') and pid <> pg_backend_pid()
         and (backend_xmin is not null or backend_xid is not null) and backend_type <> 'autovacuum worker'
       union all
       select 'prepared', format('prepared transaction %s', gid), extract(epoch from clock_timestamp() - prepared), age(transaction)
       from pg_prepared_xacts where database = current_database()
       union all
       select 'slot', format('slot %s (%s)', slot_name, case when active then 'in use' else 'not in use' end), 0, greatest(age(xmin), age(catalog_xmin))
       from pg_replication_slots where xmin is not null or catalog_xmin is not null
     ) held order by holder, seconds desc, transactions desc`,
  );
}

type Figures = Pick<DatabaseState, 'seesAll' | 'connections' | 'maxConnections' | 'bytes'>;

export async function selectFigures(reader: Reader): Promise<Figures> {
  const [row] = await reader.query<Figures>(
    `select pg_has_role('pg_read_all_stats', 'usage') as "seesAll",
       (select sum(numbackends)::int4 from pg_stat_database) as connections,
       (current_setting('max_connections')::int4 - current_setting('superuser_reserved_connections')::int4) as "maxConnections",
       pg_database_size(current_database()) as bytes`,
  );
  if (row === undefined) throw new Error('PostgreSQL answered nothing about itself');
  return row;
}

/** Where the data lies, when PostgreSQL is reached on this machine and the role may know it. */
export async function selectLocalFolder(reader: Reader): Promise<string | undefined> {
  const [row] = await reader.query<{ folder: string | null }>(
    `select case when pg_has_role('pg_read_all_settings', 'usage') and coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true)
       then current_setting('data_directory', true) end as folder`,
  );
  return row?.folder ?? undefined;
}
