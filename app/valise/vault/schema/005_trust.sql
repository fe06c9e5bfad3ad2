-- Verification and vouching.

-- Laptops that joined a delegation we knew already and that nobody here has looked at; while there is one, nothing is sent.
create table laptop_pending(device text primary key, delegation text not null, at integer not null) strict, without rowid;
create index laptop_pending_of on laptop_pending(delegation);

-- What happened to an identity, dated, and who here decided it. `value` is a number or a code, never words of a peer.
create table contact_event(
  id integer primary key, at integer not null, delegation text not null, code text not null, device text not null default '',
  officer text not null default '', value text not null default ''
) strict;
create index contact_event_of on contact_event(delegation, id);
insert into contact_event(at, delegation, code) select first_seen, id, 'seen' from delegation where own = 0;
insert into contact_event(at, delegation, code, device)
  select event.at, device.delegation, 'laptop.added', device.id from event join device on device.id = event.ref
  where event.code = 'device.new' order by event.id;
insert into contact_event(at, delegation, code)
  select trust_since, id, 'verified.eye' from delegation where trust = 'verified in person';

-- How an identity was compared: the last time that holds. Gone with the trust it stood for.
create table verification(
  delegation text primary key, how text not null, at integer not null, officer text not null, card_number integer not null
) strict, without rowid;
insert into verification(delegation, how, at, officer, card_number)
  select id, 'eye', trust_since, '', card_number from delegation where trust = 'verified in person';

-- Projections of contact.vouch and contact.unvouch, those of bilateral rooms only; dropped and rebuilt from op.
create table vouch(
  id text primary key, room text not null, author text not null, device text not null, seq integer not null,
  about text not null, code text not null, card text not null, number integer not null, how text not null,
  verified_at integer not null, at integer not null
) strict, without rowid;
create table unvouch(id text primary key, vouch text not null, author text not null) strict, without rowid;
create index unvouch_of on unvouch(vouch);

-- Ours alone: whose word counts, and conflicting words a person has looked at.
create table custodian(delegation text primary key, at integer not null) strict, without rowid;
create table vouch_settled(vouch text not null, delegation text not null, primary key(vouch, delegation)) strict, without rowid;

-- The words that count now: of custodians verified in person whose identity is in no doubt, signed by a laptop in use that is
-- accepted here and has one history, and not taken back.
create view vouch_standing as
  select vouch.* from vouch
  join custodian on custodian.delegation = vouch.author
  join delegation on delegation.id = vouch.author
  join device on device.id = vouch.device
  where delegation.trust = 'verified in person' and delegation.stopped = '' and device.revoked_at = 0
    and vouch.about not in (vouch.author, (select id from delegation where own = 1))
    and not exists (select 1 from laptop_pending where laptop_pending.device = vouch.device)
    and not exists (select 1 from unvouch where unvouch.vouch = vouch.id and unvouch.author = vouch.author)
    and not exists (
      select 1 from suspended join device as twice on twice.id = suspended.device where twice.delegation = vouch.author
        and twice.revoked_at = 0);

-- Live comparisons are few among what is said in a room.
create index op_compare on op(room, n)
  where kind in ('compare.answer', 'compare.cancel', 'compare.offer', 'compare.reveal');
