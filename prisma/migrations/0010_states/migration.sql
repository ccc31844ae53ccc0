-- What becomes of an envelope that is neither waiting nor acked (D9): it lies in a gap, or was set aside.

alter table mailbox
  add column gap_mark  int4 not null default 0,      -- +1 with each change of its gaps, 0 when it has none
  add column bytes_out int8 not null default 0;      -- at most what has left it, counted when its stock is looked at

-- Numbers that were removed by age, by stock or as poison; told on each stream until acked. Neighbours of one reason are merged.
create table gap (
  mailbox int8 not null,
  lo      int8 not null,
  hi      int8 not null,
  reason  int2 not null,                             -- 1 age, 2 stock, 3 poison
  id      int8 not null,                             -- random, an ack names it besides hi
  primary key (mailbox, hi)
);

-- Refusals of envelopes: how many streams have refused one, and the last that did.
create table nack (
  mailbox int8 not null,
  seq     int8 not null,
  epoch   int4 not null,
  count   int2 not null,
  primary key (mailbox, seq)
);

-- Envelopes that three streams have refused: out of the way, fetchable until their age.
create table set_aside (
  mailbox      int8 not null,
  seq          int8 not null,
  id           int8 not null,
  at           int8 not null,
  registration int2 not null,
  kind         int2 not null,
  sender       bytea,
  content      bytea not null,
  reason       int2 not null,                        -- of the third refusal
  primary key (mailbox, seq)
);
alter table set_aside alter column content set storage external;
