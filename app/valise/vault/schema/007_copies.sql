-- Old copies and clones.

-- Moves on with every write transaction: the next root = the first 16 bytes of SHA-256(root, 16 random bytes).
alter table generation add column root blob not null default x'00000000000000000000000000000000';
-- Points of ours that somebody outside this database knows; room '' = the keyring, '*' = of a vault this one is an older copy of.
create table point_told(generation integer not null, root blob not null, room text not null, primary key(generation, root)) strict, without rowid;
create table point_last(room text primary key, generation integer not null, root blob not null) strict, without rowid;
-- The statement with the newest point of each device; mine = where we stood when it came.
create table point_heard(
  room text not null, device text not null, generation integer not null, root blob not null, raw blob not null,
  mine integer not null, at integer not null, primary key(room, device)
) strict, without rowid;
create index point_heard_newest on point_heard(device, generation);
-- Two statements of one device that cannot both come from one vault. state: doubt, healed (the later one says that it was an
-- older copy and what it learned), two (both go on). generation, root: the point that is to be learned.
create table copy_seen(
  n integer primary key, device text not null, room text not null, state text not null, at integer not null,
  first blob not null, second blob not null, generation integer not null, root blob not null
) strict;
create index copy_seen_of on copy_seen(device, n);
-- This vault is an older copy: since when, from which point on, what it learned of the later one, how it came to know.
create table copy_old(
  one integer primary key check (one = 1), since integer not null, generation integer not null, learned integer not null,
  root blob not null, cause text not null, at integer not null
) strict;
create table copy_answer(room text not null, device text not null, top integer not null, primary key(room, device)) strict, without rowid;
create table copy_resumed(room text not null, klass integer not null, at integer not null, how text not null, primary key(room, klass)) strict, without rowid;
-- What was signed here before the vault knew that it is an older copy, and never left: signed anew when sending goes on.
create table copy_aside(
  n integer primary key, id text not null, room text not null, klass integer not null, kind text not null, body text not null,
  problem text not null default ''
) strict;

-- Backups: made here and verified on their medium (place is the name of a folder, never a path); what this vault came from.
create table backup_made(
  id integer primary key, at integer not null, kind text not null, place text not null, name text not null,
  size integer not null, rows integer not null, waiting integer not null, digest text not null
) strict;
create table restored(
  one integer primary key check (one = 1), at integer not null, taken_at integer not null, kind text not null,
  device text not null, rooms text not null, waiting integer not null, digest text not null, admitted_at integer not null default 0
) strict;
-- How far each conversation went in the backup: what lies between that and the admission of this laptop is not here.
create table restored_log(room text not null, device text not null, top integer not null, primary key(room, device)) strict, without rowid;
