-- What every vault has, whatever is kept in it.

-- Facts about this database: open (1 while a session has written and not closed), check (the last integrity check).
create table meta(key text primary key, value any not null) strict, without rowid;

-- Counts write transactions. An older value than somebody has seen means that an older file was put back.
create table generation(one integer primary key check (one = 1), value integer not null) strict;
insert into generation(one, value) values (1, 0);

create table setting(key text primary key, value text not null) strict, without rowid;

-- Search. The index holds no text, only which words are where; search_ref says what a row stands for.
-- The words come from vault.search.tokens; the categories keep every letter, digit and vowel sign it emits in one piece.
create virtual table search using fts5(
  words, content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'",
  prefix='1' -- the first letter typed would otherwise walk every word that begins with it
);
create table search_ref(
  rowid integer primary key, kind text not null, ref text not null, room text not null, at integer not null,
  title text not null, unique(kind, ref)
) strict;

-- Notices for a person, oldest first; detail is JSON of plain values.
create table event(
  id integer primary key, at integer not null, code text not null, room text not null default '',
  ref text not null default '', detail text not null default '{}', seen integer not null default 0
) strict;
create index event_unseen on event(seen, id);
