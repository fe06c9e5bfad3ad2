-- A list in the condition of an index is laid out as a table of its own, with a pager of its own, at every row that enters: a range is not.
drop index op_compare;
create index op_compare on op(room, n) where kind >= 'compare.' and kind < 'compare/';
-- and so is a sort: what every round asks for stands in its order
drop index parcel_due;
create index parcel_due on parcel(due_at, made_at, last);
create index wanted_tag_oldest on wanted_tag(at, tag);
create index attachment_lacking on attachment(room, at) where have < chunks;
