-- Epochs: a list that opens one by rotation carries the old account key's signature; a reset's invitation opens the next one.
alter table device_list add column rotation_signature bytea;
alter table invitation add column reset boolean not null default false;

-- Devices that nobody has seen for long are removed; those that are there count as seen today.
alter table device_credential add column last_seen_day integer not null default 0;
update device_credential set last_seen_day = floor(extract(epoch from now()) / 86400)::int4;
create index device_credential_last_seen_day_idx on device_credential (last_seen_day);
