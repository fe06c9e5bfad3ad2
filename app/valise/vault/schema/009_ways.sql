-- Which way serves a delegation, as a person chose it (none = by itself), and what happened on it last.
create table way(delegation text primary key, chosen text not null) strict, without rowid;
create table way_met(delegation text primary key, put_at integer not null) strict, without rowid;
-- Sealed once, not kept by the outbox (statements, repairs, chunks), for delegations that only a courier reaches: until the
-- next bundle has taken them along. kind "statement/ROOM" stands in for the one before.
create table courier_loose(
  id blob primary key, delegation text not null, route blob not null, blob blob not null, made_at integer not null
) strict, without rowid;
create index courier_loose_for on courier_loose(delegation, made_at);
