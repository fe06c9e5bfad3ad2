-- Keys that move on: what a replaced key could open stays readable until its window has passed, then the key is destroyed.

-- The prekeys of our card, one row a generation; the present one has retired_at = 0. `account` of a retired one is an Olm
-- account in which nothing but the fallback key of that generation is of use.
create table prekey(
  id blob primary key, number integer not null, seed blob not null, account blob not null, made_at integer not null,
  used_at integer not null default 0, retired_at integer not null default 0
) strict;
-- Nothing but the names of destroyed ones. asked_at = when an envelope came for one; for a prekey somebody then holds a card
-- of ours that is too old.
create table key_gone(
  id blob primary key, reply integer not null, gone_at integer not null, asked_at integer not null default 0
) strict, without rowid;
-- The generation that was in force when an opening message came: ids are remembered while a key lives that could open it.
alter table prekey_seen add column prekey integer not null default 1;

-- When a newer reply key was given to the device, and when the device first used a newer one.
alter table reply_key add column replaced_at integer not null default 0;
alter table reply_key add column passed_at integer not null default 0;
create index reply_key_of on reply_key(device, n);
create index session_in_of on session_in(device, made_at);

-- How far each device's keys have come. since = first key message either way; used = the highest number of a reply key of
-- ours it has used, moved_at = when; renew = the next key message opens a new Olm session; renewed_at = when one did last.
create table ratchet(
  device text primary key, since integer not null default 0, heard_at integer not null default 0,
  moved_at integer not null default 0, used integer not null default 0, renew integer not null default 0,
  renewed_at integer not null default 0
) strict, without rowid;
-- Rooms that have not been given our newest card; said = it went out once in a frame that nobody has to confirm.
create table card_due(room text primary key, said integer not null default 0) strict, without rowid;

-- What announces a session of ours stands in its frames now: the next words begin new ones.
delete from session_out;
