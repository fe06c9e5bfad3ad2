-- Incidents: which operations belong to which (`inside` = of our internal room alone); what they come to is folded from them.
create table incident_op(
  id text primary key, incident text not null, room text not null, n integer not null, inside integer not null
) strict;
create index incident_op_of on incident_op(incident, inside, n);
create index incident_op_opened on incident_op(n) where id = incident;
-- Ours alone, never rebuilt: forms being filled in, and up to which operation, by arrival, a person has looked.
create table incident_draft(
  id text primary key, room text not null, body text not null, saved_at integer not null
) strict;
create table incident_seen(incident text primary key, upto integer not null) strict;
