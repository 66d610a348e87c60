-- Links that mails bring, by which the holder of an account chooses a password.

create table account_links (
  id uuid primary key,
  person_id uuid not null references accounts (person_id) on delete cascade,
  event_id uuid not null unique,
  is_invitation boolean not null,
  address_digest text not null,
  sent_at timestamptz not null,
  good_until timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz
);
comment on table account_links is 'Instants are real time. Nothing here opens anything: the postroom makes the secret when it sends the mail, and publishes its digest (account_link_digests_v1).';
comment on column account_links.event_id is 'The event of which the person is told in the mail that brings the link.';
comment on column account_links.address_digest is 'SHA-256 of the mail address for which it was made: another address gets another link.';
comment on column account_links.ended_at is 'A later link, another password or the end of the account stands in its place.';
create index account_links_open on account_links (person_id) where used_at is null and ended_at is null;

create view account_links_v1 as
select l.event_id, l.id, l.person_id, p.mail_address, l.good_until
from account_links l
join people p on p.id = l.person_id
join accounts a on a.person_id = l.person_id
where l.used_at is null and l.ended_at is null and a.disabled_at is null
  and l.address_digest = encode(sha256(convert_to(p.mail_address, 'UTF8')), 'hex');
comment on view account_links_v1 is 'Links that may still be used, with the address to which the mail goes; good_until is real time.';
