-- A mail about another mail address goes to the one of before, too.

alter table mails add column former_of uuid references received_notices;
alter table mails add column former_address text;
create unique index mails_to_former_addresses on mails (former_of) where former_of is not null;
comment on column mails.former_of is 'The notice of which this mail tells the address of before; the reader''s own mail of it is another one.';
comment on column mails.former_address is 'Where this mail goes in place of where its reader is mailed now; forgotten once it was sent.';
