-- Registers. A space is one register on one side in one room ('' = what our delegation keeps for itself, in whatever
-- internal room it was said); a column is a field of it. Both are only numbers for names, so that indexes stay small.
create table register_space(
  id integer primary key, register text not null, side text not null, room text not null, unique(register, side, room)
) strict;
create table register_column(id integer primary key, space integer not null, field text not null, unique(space, field)) strict;
-- A row as it stands. cells: JSON, field -> values (of a field that differs the newest); differing: JSON list of fields.
create table register_row(
  id integer primary key, space integer not null, key text not null, cells text not null, differing text not null,
  differs integer not null, gone integer not null, at integer not null, tick integer not null,
  newest integer not null, -- op.n of the last change
  unique(space, key)
) strict;
create index register_rows on register_row(space, gone, key, differs); -- covers what a list without a filter asks for
create index register_there on register_row(space, gone, differs); -- the same without the keys, a fifth of its size
-- What each operation (its n) says of a field. stands 0 = another one of the same delegation took its place.
create table register_said(
  row integer not null, field integer not null, n integer not null, stands integer not null, told text not null,
  primary key(row, field, n)
) strict, without rowid;
create table register_replaced(
  row integer not null, op text not null, field integer not null, author text not null, primary key(row, op, field, author)
) strict, without rowid;
-- Values of rows that are not taken out, by what they are sorted by; parts of the key as fields "@1", "@2". Without a
-- rowid the table is its own covering index: a list of 100,000 rows decrypts no row.
create table register_cell(
  field integer not null, sort any not null, row integer not null, primary key(field, sort, row)
) strict, without rowid;
-- Registers of the delegation's own: register.define, by op.n.
create table register_defined(n integer primary key, register text not null) strict;

-- Ours alone: filters a person keeps.
create table register_saved(
  register text not null, name text not null, told text not null, saved_at integer not null, primary key(register, name)
) strict, without rowid;
