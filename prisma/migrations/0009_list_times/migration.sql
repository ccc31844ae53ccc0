-- When a list was stored, so that lists can be counted against an account; 0: before this migration, or by a process that does not know it.
alter table device_list add column stored_at bigint not null default 0;
