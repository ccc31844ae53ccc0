-- Tables of the heart: written and read with plain SQL (libs/mailbox, libs/realtime), external to the Prisma models.

-- One guard row a device's mailbox: all that a send must know stands in the row that it locks.
-- Nothing that changes is indexed, so that updates stay HOT.
create table mailbox (
  no            int8 generated always as identity primary key,
  device        uuid not null unique,
  account       int8 not null,
  head          int8 not null default 0,             -- last sequence given out
  bytes_in      int8 not null default 0,
  acked_through int8 not null default 0,             -- written lazily, a drain starts here
  list_version  int4 not null,                       -- of the account
  epoch         int4 not null default 0,             -- +1 with each stream taken and with closing
  node          int2,                                -- who holds the stream, or held it last
  registration  int2 not null,                       -- the registration id that senders must know
  closed        int2 not null default 0              -- 0 open, 1 suspended, 2 revoked for good
) with (fillfactor = 50);
create index mailbox_account on mailbox (account);

create table envelope (
  mailbox      int8 not null,
  seq          int8 not null,
  id           int8 not null,                        -- random, an ack names it besides seq
  at           int8 not null,                        -- PostgreSQL's clock, milliseconds since the epoch
  registration int2 not null,                        -- the one it was encrypted for
  kind         int2 not null,                        -- 1 prekey, 2 message, 3 plaintext, + 8: control
  sender       bytea,                                -- account and device, 16 bytes each, null when sealed
  content      bytea not null,
  primary key (mailbox, seq)
) with (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);
-- Ciphertext does not compress. In the column itself only PostgreSQL 16 and later take it.
alter table envelope alter column content set storage external;

-- Accepted idempotency keys. `key` keeps the time bits of the client's UUIDv7, its other bits are a hash of the sending device and
-- the client's key, so it names no pair of accounts. Partitions are ranges of time, made ahead and dropped after a day.
create table sent (
  key    uuid not null primary key,
  digest bytea not null,
  at     int8 not null
) partition by range (key);

-- Every process that holds streams or takes sends, with its lease (PostgreSQL's clock) and the address of its node link.
create table node (
  no          int2 primary key,
  owner       uuid not null,                         -- random, of the process that holds the number
  lease_until timestamptz not null,
  address     text
);
