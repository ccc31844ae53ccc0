-- Since when news wait for a worker: the lag that an operator must see. The default is evaluated once, so nothing is rewritten.
set local lock_timeout = '2s';
alter table outbox add column written_at timestamptz(3) not null default current_timestamp;
