-- The mailbox this laptop reads and the key that makes credentials for others, as the operator's file says (canonical JSON).
create table relay_own(one integer primary key check(one = 1), kit blob not null, joined_at integer not null) strict;
-- Whom we gave permission to write, without anything secret. `made_with` names mailbox and key it was made for; `holder` the
-- laptop of ours that made it; `room`, `seq` and `said_at` (clock of the operation) where and when it said so first ('' and 0: in a
-- card); `devices` who was in the room when it was said last. `state` 0 in use, 1 to be taken back, 2 taken back; `why` 'person',
-- 'left' or 'replaced'.
create table relay_grant(
  slot text primary key, delegation text not null, note text not null default '', user text not null, account text not null,
  made_with text not null, holder text not null, made_at integer not null, expires integer not null,
  room text not null default '', seq integer not null default 0, said_at integer not null default 0,
  devices text not null default '', state integer not null default 0, why text not null default ''
) strict, without rowid;
create index relay_grant_for on relay_grant(delegation, made_at);
-- The credentials themselves (canonical JSON of an address), to be told to a laptop that joins later.
create table relay_credential(slot text primary key, address blob not null) strict, without rowid;
-- What each device of a delegation said last in a room of two; `address` empty = withdrawn. Derived from operations.
create table relay_word(
  room text not null, device text not null, author text not null, seq integer not null, at integer not null,
  tick integer not null, address blob not null, primary key(room, device)
) strict, without rowid;
-- Came with a card a person was handed.
create table relay_pass(delegation text primary key, at integer not null, address blob not null) strict, without rowid;
-- What is in use for a delegation since when; `address` empty = it was withdrawn.
create table relay_used(delegation text primary key, since integer not null, address blob not null) strict, without rowid;
