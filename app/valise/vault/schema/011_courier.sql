-- Bundles this laptop made, one row for each delegation in one. done 0 = begun; it may or may not lie on a stick.
create table courier_made(
  delegation text not null, number integer not null, before integer not null, hash blob not null, bundle blob not null,
  devices text not null, made_at integer not null, done integer not null default 0, confirmed_at integer not null default 0,
  primary key(delegation, number)
) strict, without rowid;
create index courier_made_bundle on courier_made(bundle);
-- Manifests that came and were verified. whole 1 = everything of that bundle that was for this laptop is in this vault.
create table courier_came(
  device text not null, number integer not null, hash blob not null, before integer not null, since integer not null,
  made_at integer not null, taken_at integer not null, whole integer not null, primary key(device, number, hash)
) strict, without rowid;
-- Bundles of which everything for this laptop is here, by the digest of their table.
create table courier_taken(bundle blob primary key, taken_at integer not null) strict, without rowid;
-- How far an attachment has gone that was more than one bundle holds; the next bundle goes on there.
create table courier_chunk(
  delegation text not null, attachment text not null, next integer not null, primary key(delegation, attachment)
) strict, without rowid;
