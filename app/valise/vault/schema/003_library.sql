-- The library of agreed language: documents a delegation has imported to search in, on this laptop only.
create table source(
  id integer primary key, digest text not null unique, symbol text not null, title text not null, language text not null,
  adopted text not null, vote text not null, added_at integer not null, passages integer not null
) strict;
create index source_symbol on source(symbol);
create table passage(
  n integer primary key, source integer not null references source(id) on delete cascade, label text not null,
  section text not null, words text not null
) strict;
create index passage_of on passage(source, n);
-- The words come from vault.search.tokens, as in the other index.
create virtual table agreed using fts5(
  words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
create virtual table agreed_words using fts5vocab(agreed, 'row');
