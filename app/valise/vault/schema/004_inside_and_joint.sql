-- What a delegation says to itself: notes by kind, what took their place, drafts that a second officer releases.
alter table remark add column sort text not null default 'note';
alter table remark add column replaces text not null default '';
alter table remark add column tick integer not null default 0;
create table remark_struck(remark text not null, id text not null, primary key(remark, id)) without rowid;
create table release_rule(id text primary key, device text not null, wanted integer not null, at integer not null, tick integer not null) strict;
create table release_ask(
  id text primary key, text text not null, proposals text not null, replaces text not null, device text not null,
  at integer not null, tick integer not null
) strict;
create index release_ask_on on release_ask(text, at);
create table release_decision(
  id text primary key, ask text not null, device text not null, outcome text not null, words text not null,
  at integer not null, tick integer not null
) strict;
create index release_decision_on on release_decision(ask);
-- Joint statements and lists of co-sponsors: which operations belong to which; what they come to is folded from them.
create table joint(id text primary key, statement text not null, room text not null) strict;
create index joint_of on joint(statement);
-- Authors as documents name them, and the delegation a person said they are. Stays here.
create table author(author text primary key, delegation text not null) strict;
-- Up to which operation, by arrival, a person has looked at a text.
create table text_seen(text text primary key, upto integer not null) strict;
