-- What changed about posts, for whoever has given work through them; accounts of other providers.

create table roster_changes (
  position bigint generated always as identity primary key,
  from_day date not null,
  until_day date,
  post_ids uuid[] not null,
  changed_at timestamptz not null
);
comment on table roster_changes is 'Append only. On the days from from_day to until_day (null: without end) somebody else may act in these posts, and in no others. Written one at a time, so that positions are committed in their order.';
create trigger roster_changes_are_final before update or delete on roster_changes for each row execute function refuse_change();

create index holdings_by_first_day on holdings (held_from);
create index holdings_by_last_day on holdings (held_to) where held_to is not null;
create index leaves_by_first_day on leaves (starts_on) where cancelled_at is null;
create index leaves_by_last_day on leaves (ends_on) where cancelled_at is null;
create index delegations_by_delegate on delegations (delegate_id, starts_on) where cancelled_at is null;
create index delegations_by_first_day on delegations (starts_on) where cancelled_at is null;
create index delegations_by_last_day on delegations (ends_on) where cancelled_at is null;

create view roster_changes_v1 as
select position, from_day, until_day, post_ids, changed_at from roster_changes;
comment on view roster_changes_v1 is 'In the order of position nothing is missed. Days are included. What begins or ends on a later day is looked at again on that day, from the other views.';

create table identities (
  issuer text not null check (issuer <> ''),
  subject text not null,
  person_id uuid not null references people,
  linked_by uuid not null,
  linked_at timestamptz not null,
  primary key (issuer, subject)
);
comment on table identities is 'Accounts of other OpenID providers, each tied to a person by an administrator.';
create index identities_by_person on identities (person_id);

alter table accounts add column disabled_at timestamptz;
alter table accounts add column tokens_not_before timestamptz;
comment on column accounts.tokens_not_before is 'Tokens issued before are no longer taken, whichever provider issued them.';

create view identities_v1 as
select '' as issuer, a.person_id::text as subject, a.person_id, a.disabled_at is not null as disabled, a.tokens_not_before
from accounts a
union all
select i.issuer, i.subject, i.person_id, coalesce(a.disabled_at is not null, false), a.tokens_not_before
from identities i left join accounts a on a.person_id = i.person_id;
comment on view identities_v1 is 'Who is behind a token. An empty issuer stands for the organisation itself, whose subjects are the ids of people.';
-- Every request of every service asks by subject who its token speaks of.
create index accounts_by_subject on accounts ((person_id::text));
