-- Words that stand in one field of a row with others of it, by the clock they name, and by what they say: whoever lets very many
-- stand makes nobody sort them. A field where one word stands has none here. said: SHA-256 of what is told.
create table register_several(
  row integer not null, field integer not null, at integer not null, tick integer not null, op text not null, n integer not null,
  said blob not null, primary key(row, field, at, tick, op)
) strict, without rowid;
create index register_several_said on register_several(row, field, said);
create index register_several_n on register_several(row, field, n);
