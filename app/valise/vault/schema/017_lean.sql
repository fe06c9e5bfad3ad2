-- Who a room is sealed for, and whether anything stops it, is read at every round: the rows of delegations and laptops hold only
-- what that asks. Cards lie apart, certificates are in "certificate", and the long keys that first letters are sealed to lie apart.
create table delegation_card(delegation text primary key references delegation(id) on delete cascade, card blob not null) strict;
insert into delegation_card(delegation, card) select id, card from delegation;
alter table delegation drop column card;
-- whether the very card that came is the one that is held
create index delegation_card_length on delegation_card(length(card));
create table device_prekey(device text primary key references device(id) on delete cascade, prekey blob not null) strict;
insert into device_prekey(device, prekey) select id, prekey from device;
alter table device drop column certificate;
alter table device drop column certificate_sig;
alter table device drop column composite;
alter table device drop column prekey;
-- whose a mailbox is, without a look at the laptops
create index device_mailbox on device(mailbox, delegation);
