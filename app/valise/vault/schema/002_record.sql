-- Who is known. `card` is the newest accepted card, `rival` one that waits for a person's decision.
create table delegation(
  id text primary key, code text not null, name text not null, root blob not null,
  card blob not null, card_number integer not null, card_hash text not null,
  trust text not null, trust_since integer not null, own integer not null default 0,
  stopped text not null default '', rival blob, first_seen integer not null
);
create table device(
  id text primary key, delegation text not null references delegation(id), number integer not null,
  certificate blob not null, certificate_sig blob not null, certificate_hash text not null,
  officer text not null, role text not null, rights text not null,
  not_before integer not null, not_after integer not null,
  ed25519 blob not null, composite blob not null, olm blob not null, prekey blob not null, fallback blob not null,
  mailbox blob not null, first_seen integer not null, revoked_at integer not null default 0
);
create index device_by_delegation on device(delegation);
create table secret(name text primary key, value blob not null);

-- The record. n is the order of arrival here; state 0 = its past is not all here, 1 = folded, 2 = a second history.
create table op(
  n integer primary key, id text not null unique, room text not null, klass integer not null,
  author text not null, device text not null, seq integer not null, prev text not null,
  kind text not null, at integer not null, tick integer not null, state integer not null,
  received_at integer not null, membership integer not null, raw blob not null, sig blob not null
);
create index op_log on op(room, klass, device, seq);
-- membership operations are few and asked for often; the rest of the record pays nothing for it
create index op_membership on op(room, n) where membership = 1;
create index op_waiting on op(room, klass, n) where state = 0;
create index op_clock on op(at, tick);
create table op_missing(missing text not null, op text not null, primary key(missing, op)) without rowid;
create table log(
  room text not null, klass integer not null, device text not null,
  held integer not null, head text not null, top integer not null,
  primary key(room, klass, device)
) without rowid;
create table head(room text not null, id text not null, primary key(room, id)) without rowid;
create table suspended(
  room text not null, klass integer not null, device text not null, seq integer not null,
  first text not null, second text not null, noticed_at integer not null,
  primary key(room, klass, device)
) without rowid;

-- Projections: dropped and rebuilt from op at will.
create table room(
  id text primary key, kind text not null, title text not null, chair text not null, head text not null, n integer not null
);
create table room_member(room text not null, delegation text not null, since text not null, primary key(room, delegation)) without rowid;
create table message(
  id text primary key, n integer not null, room text not null, thread text not null, author text not null,
  device text not null, klass integer not null, seq integer not null, subject text not null, body text not null,
  marking text not null, attachments text not null, at integer not null, tick integer not null,
  received_at integer not null
);
create index message_in_thread on message(room, thread, at, tick, id);
create index message_unread on message(thread, n); -- what came since a thread was read
create table thread(
  id text not null, room text not null, subject text not null, first_line text not null, newest_at integer not null,
  newest_tick integer not null, newest text not null, messages integer not null,
  top integer not null, -- the newest by arrival: below the read mark means that nothing in it is unread
  primary key(room, id)
);
create index thread_in_room on thread(room, newest_at desc, id);
create table acknowledgement(
  message text not null, device text not null, delegation text not null, at integer not null,
  primary key(message, device)
) without rowid;
create table text(
  id text primary key, room text not null, title text not null, symbol text not null, paragraphs integer not null,
  open_paragraphs integer not null, open_proposals integer not null, revision text not null,
  pen_delegation text not null, changed_at integer not null,
  silence text not null, silence_until integer not null -- the state of the last silence procedure; its deadline while it runs
);
create table remark(
  id text primary key, text text not null, paragraph text not null, words text not null, device text not null,
  at integer not null
);
create index remark_on on remark(text, paragraph, at);

-- Ours alone, never rebuilt: what a person has seen, drafts, caches.
create table read_mark(room text not null, thread text not null, upto integer not null, primary key(room, thread)) without rowid;
create table draft(
  room text not null, thread text not null, subject text not null, body text not null, marking text not null,
  record integer not null, attachments text not null, saved_at integer not null, primary key(room, thread)
);
create table text_draft(
  text text not null, paragraph text not null, kind text not null, words text not null, reason text not null,
  saved_at integer not null, primary key(text, paragraph, kind)
);
create table text_cache(id text primary key, upto integer not null, state blob not null);

create table attachment(
  id text primary key, room text not null, name text not null, media text not null, size integer not null,
  chunks integer not null, have integer not null, sealed integer not null, params blob not null, at integer not null
);
create table chunk(attachment text not null, i integer not null, data blob not null, primary key(attachment, i));

-- The exchange.
create table outbox(n integer primary key, op text not null unique, room text not null, klass integer not null, seq integer not null);
create index outbox_by_room on outbox(room, klass, seq);
create table chunk_out(attachment text primary key, room text not null, next integer not null);
create table session_out(
  room text not null, klass integer not null, tag blob not null, epoch blob not null, wrap blob not null,
  state blob not null, used integer not null, made_at integer not null, primary key(room, klass)
);
create table session_made(tag blob primary key, room text not null, klass integer not null, wrap blob not null, key blob not null, epoch blob not null, recipients text not null, made_at integer not null);
create table session_in(
  tag blob primary key, device text not null, room text not null, klass integer not null, epoch blob not null,
  wrap blob not null, state blob not null, made_at integer not null
);
create table replay(tag blob not null, i integer not null, digest blob not null, primary key(tag, i)) without rowid;
create table parcel(
  id blob primary key, room text not null, klass integer not null, first integer not null, last integer not null,
  tag blob not null, blob blob not null, made_at integer not null, put_at integer not null default 0,
  due_at integer not null default 0, tries integer not null default 0
);
create index parcel_due on parcel(due_at);
create index parcel_by_log on parcel(room, klass, tag, last);
create index parcel_by_tag on parcel(tag, last);
create table key_out(
  id blob primary key, tag blob not null, device text not null, blob blob not null, made_at integer not null,
  due_at integer not null default 0, tries integer not null default 0
);
create index key_out_by on key_out(tag, device);
create index key_out_due on key_out(due_at);
create table held(
  room text not null, klass integer not null, device text not null, seq integer not null, at integer not null,
  primary key(room, klass, device, seq)
) without rowid;
create table olm(device text not null, id blob not null, state blob not null, used_at integer not null, primary key(device, id));
create table prekey_seen(id blob primary key, at integer not null);
create table reply_key(id blob primary key, device text not null, seed blob not null, made_at integer not null, n integer not null);
create table peer_key(device text primary key, public blob not null, n integer not null);
create table key_count(device text primary key, n integer not null);
create table rekeyed(tag blob not null, device text not null, at integer not null, primary key(tag, device)) without rowid;
create table envelope_seen(id blob primary key, at integer not null) without rowid;
create table sealed(
  id blob primary key, kind text not null, hint blob not null, blob blob not null, received_at integer not null
);
create index sealed_by_hint on sealed(hint);
create table cursor(carrier text primary key, value blob not null);
create table bundle_seen(carrier text not null, name text not null, at integer not null, primary key(carrier, name)) without rowid;
create table bundle_own(carrier text not null, name text not null, ids blob not null, made_at integer not null, primary key(carrier, name)) without rowid;
create table chat_base(room text not null, device text not null, seq integer not null, primary key(room, device)) without rowid;
create table statement_due(room text primary key, at integer not null, introduce integer not null default 0);
create table wanted_tag(tag blob primary key, at integer not null);
create table roster_seen(room text not null, device text not null, epoch blob not null, at integer not null, primary key(room, device)) without rowid;
create table repaired(device text not null, item text not null, at integer not null, primary key(device, item)) without rowid;
