-- Rounds of pings, all derived from operations. A round, what officers recorded and its end stand in the internal room.
create table ping_round(
  id text primary key, n integer not null, title text not null, forum text not null, due integer not null, exercise integer not null,
  words text not null, device text not null, at integer not null
) strict, without rowid;
-- Whom a round asks. `token` is what the question to this contact carries; `way` 'here' or 'outside'.
create table ping_asked(
  round text not null, contact text not null, place integer not null, state text not null, label text not null, way text not null,
  token text not null, primary key(round, contact)
) strict, without rowid;
create index ping_asked_token on ping_asked(token);
create index ping_asked_contact on ping_asked(contact, round);
create table ping_closed(round text not null, id text not null, at integer not null, primary key(round, id)) strict, without rowid;
create table ping_record(
  id text primary key, round text not null, contact text not null, outcome text not null, channel text not null,
  asked_at integer not null, happened_at integer not null, words text not null, changes text not null, replaces text not null,
  device text not null, at integer not null
) strict, without rowid;
create index ping_record_of on ping_record(round, contact);
-- Questions and answers in rooms of two, ours and theirs. `entry` and `changes` are JSON lists of fields.
create table ping_ask(
  id text primary key, room text not null, author text not null, device text not null, seq integer not null, token text not null,
  title text not null, forum text not null, role text not null, due integer not null, exercise integer not null,
  marking text not null, entry text not null, at integer not null
) strict, without rowid;
create index ping_ask_token on ping_ask(token);
create table ping_answer(
  id text primary key, ask text not null, room text not null, author text not null, device text not null, seq integer not null,
  says text not null, changes text not null, words text not null, replaces text not null, at integer not null
) strict, without rowid;
create index ping_answer_of on ping_answer(ask);
