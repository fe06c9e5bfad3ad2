-- A message that its laptop signed once more after an older copy of its vault came back: id -> the message that is shown for it.
-- sure 0 = only that laptop says so, and the first of the two is not here.
create table message_again(
  id text primary key, shown text not null, device text not null, sure integer not null
) strict, without rowid;
