-- Where the policy wants it, an admin approves a device before a list may name it.
alter table pending_device add column created_at bigint not null default 0;
alter table pending_device add column approval smallint not null default 0;
