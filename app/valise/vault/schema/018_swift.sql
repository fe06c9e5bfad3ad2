-- A list in the condition of an index is laid out as a table of its own, with a pager of its own, at every row that enters: a range is not.
drop index op_compare;
create index op_compare on op(room, n) where kind >= 'compare.' and kind < 'compare/';
