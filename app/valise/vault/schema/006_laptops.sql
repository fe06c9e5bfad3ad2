-- The laptops of a delegation.

-- Every certificate that came on an accepted card. device.certificate is the newest; the others are kept, since what
-- was said with them stands.
create table certificate(
  hash text primary key, device text not null references device(id), number integer not null, raw blob not null, sig blob not null
) strict, without rowid;
create index certificate_of on certificate(device, number);
insert into certificate(hash, device, number, raw, sig)
  select certificate_hash, id, number, certificate, certificate_sig from device;
alter table device add column rooms text not null default ''; -- the only rooms it is for; '' = every room

-- Kept here alone, never sent: why a laptop was revoked, when it was last told so, what a handover was about.
create table revocation(
  device text primary key, reason text not null, at integer not null, tries integer not null default 0, due_at integer not null default 0
) strict, without rowid;
create table handover(
  n integer primary key, old text not null, new text not null, at integer not null, rights text not null,
  rooms integer not null, notes integer not null
) strict;
-- Recovery shares of the delegation's root: how many, since when, and when they were last joined and were right.
create table root_shares(
  n integer primary key check (n = 1), need integer not null, total integer not null, made_at integer not null,
  rehearsed_at integer not null default 0
) strict;
