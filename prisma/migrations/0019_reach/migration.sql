-- Each send leaves a version of the mailbox rows it touches, and while an old snapshot is open none of them can go. `reach` orders them: it
-- changes with every eighth number, so that whoever looks for a row begins at its newest versions and visits a few; the seven updates
-- between stay HOT. A unique index would compare each new version with all that are there, so there is none: `no` is generated always, and
-- a device id is unique in known_device, where it is admitted before it gets a mailbox.
set local lock_timeout = '2s';
alter table mailbox add column reach int8 not null generated always as (head >> 3) stored;
create index mailbox_no on mailbox (no, reach desc);
alter table mailbox drop constraint mailbox_pkey, drop constraint mailbox_device_key;
create index mailbox_device on mailbox (device);
