-- Secrets of the links by which people choose passwords are made when the mail is sent; only digests are kept.

create table account_link_digests (
  digest text primary key,
  link_id uuid not null,
  made_at timestamptz not null
);
comment on table account_link_digests is 'SHA-256 of what a mail brought. A mail that is sent again brings another secret to the same link; each of them opens it.';
create index account_link_digests_by_link on account_link_digests (link_id);
create index account_link_digests_by_age on account_link_digests (made_at);

create view account_link_digests_v1 as select link_id, digest from account_link_digests;
comment on view account_link_digests_v1 is 'What the secret of each link is compared with.';
