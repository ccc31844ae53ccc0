/** Each entry leads from the schema version of its index to the next one; entries are never edited once released. Times are milliseconds. */
export const MIGRATIONS: readonly string[] = [
  `
  -- The device itself: one row. 'enrolling' until the server has said yes; pending_enrolment is the request to repeat until then.
  create table self (
    one integer primary key check (one = 1),
    server text not null, issuer text not null, gateway text not null,
    tenant_id text not null, account_id text not null, device_id text not null,
    account_key blob not null, account_private blob,
    identity_public blob not null, identity_private blob not null,
    auth_public blob not null, auth_private blob not null,
    registration_id integer not null, registration_due integer not null default 0,
    pending_enrolment blob,
    assertion_counter integer not null default 0, clock_offset integer not null default 0,
    next_prekey_id integer not null default 1
  ) strict;
  create table used_registration (id integer primary key) strict;

  create table session (device_id text primary key, record blob not null) strict;

  create table one_time_prekey (id integer primary key, record blob not null) strict;
  -- replaced_at: null while it is the current one.
  create table signed_prekey (id integer primary key, record blob not null, created_at integer not null, replaced_at integer, uploaded integer not null) strict;
  create table kyber_prekey (
    id integer primary key, record blob not null, last_resort integer not null,
    created_at integer not null, replaced_at integer, uploaded integer not null
  ) strict;
  create table kyber_used (kyber_id integer, signed_id integer, base_key blob, primary key (kyber_id, signed_id, base_key)) strict;

  -- Verified chains only. halted: the error that stopped sending for good. wanted: list version that an encrypted content proved to exist.
  create table account (
    account_id text primary key, trust text not null, account_key blob not null,
    list blob not null, signature blob not null, signer text not null,
    list_version integer not null, wanted integer not null default 0, halted text
  ) strict;
  create table tombstone (
    account_id text not null, device_id text not null, day integer not null, reason text not null,
    primary key (account_id, device_id)
  ) strict;
  -- Every device that ever stood in a verified list: an id and an identity key belong to one account.
  create table device (
    device_id text primary key, account_id text not null, identity_key blob not null unique, active integer not null
  ) strict;
  create index device_of_account on device (account_id);
  create table pin (account_id text primary key, key_hash blob not null) strict;
  create table evidence (
    no integer primary key autoincrement, account_id text not null, code text not null, at integer not null, held blob not null, seen blob not null
  ) strict;

  -- request: null until encrypted; then the bytes that go out, whatever happens in between. failed: the code it ended with.
  create table outbox (
    no integer primary key autoincrement, message_id text not null unique, recipient text not null,
    body text not null, sent_at integer not null, request blob, failed text
  ) strict;
  create index outbox_of_recipient on outbox (recipient, no);

  -- body: null once the application has taken it; the row stays so that a second copy is recognised.
  create table inbox (
    no integer primary key autoincrement, message_id text not null, sender_account text not null, sender_device text not null,
    recipient_account text not null, body text, sent_at integer not null, accepted_at integer not null, received_at integer not null,
    unique (sender_device, message_id)
  ) strict;
  create index inbox_unread on inbox (no) where body is not null;
  create table seen (envelope_id blob primary key, at integer not null) strict;
  create table undecryptable (
    envelope_id blob primary key, sequence integer not null, sender_account text, sender_device text,
    reason text not null, at integer not null, times integer not null
  ) strict;
  `,
  `
  -- trust_floor: no message goes to an account that is trusted less. next_account_*: made for a rotation whose answer has not come yet.
  alter table self add column trust_floor text not null default 'first-use';
  alter table self add column next_account_key blob;
  alter table self add column next_account_private blob;
  `,
  `
  -- linking_until: not known yet whether a list names this device. Decided at the latest then, and by the server's answer alone.
  alter table self add column linking_until integer;
  -- New devices that the person has confirmed here; the row goes when the list that names one is stored or can never be.
  create table confirmed (
    device_id text primary key, name text not null, platform text not null, identity_key blob not null, auth_key blob not null,
    statement blob not null, epoch integer not null, may_link integer not null, until integer not null
  ) strict;
  -- What devices of the own account are called, as far as this device was told.
  create table device_name (device_id text primary key, name text not null) strict;
  `,
  `
  -- What an encrypted content of by_account said of about_account and no held list shows yet. heard: the highest sequence that came.
  create table claim (
    about_account text not null, by_account text not null, list_version integer not null, hash blob not null,
    primary key (about_account, by_account)
  ) strict;
  alter table self add column heard integer not null default 0;
  `,
  `
  -- incarnation: of the server's database, as it last said. reset_due: it was another one, and the server was not told everything yet.
  alter table self add column incarnation blob;
  alter table self add column reset_due integer not null default 0;
  `,
  `
  -- Every list of the own account, to be offered to a server that was restored. reset_due is 2 when the server did not know this device.
  create table own_list (
    epoch integer not null, version integer not null, bytes blob not null, signature blob not null, signer text not null, rotation blob,
    primary key (epoch, version)
  ) strict;
  `,
];
