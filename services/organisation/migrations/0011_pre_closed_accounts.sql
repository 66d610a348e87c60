-- Who has a closed account is not there, whatever post the person holds. What takes two administrators: the end
-- of a post that rules the province, closing, opening and untying accounts of whoever holds one. Where people
-- were mailed before.

create index accounts_closed on accounts (person_id) where disabled_at is not null;

create view absences_v1 as
select id, person_id, starts_on, ends_on, false as account_closed from leaves where cancelled_at is null
union all
select null::uuid, person_id, (disabled_at at time zone 'Asia/Ho_Chi_Minh')::date, 'infinity'::date, true
from accounts where disabled_at is not null;
comment on view absences_v1 is 'Days on which a person is not there, both included: on leave (id), or with a closed account, which nobody but an administrator opens again.';

create or replace view persons_v1 as
select p.id, p.full_name, p.mail_address, a.person_id is not null and a.disabled_at is null as has_account, p.code
from people p left join accounts a on a.person_id = p.id;

create view former_addresses_v1 as
select v.event_id, e.subject_id as person_id, v.value ->> 'old' as mail_address
from event_values v join events e on e.event_id = v.event_id
where e.kind = 'PersonChanged' and v.field = 'mail_address' and v.value ->> 'old' is not null;
comment on view former_addresses_v1 is 'Where a person was mailed before the event that changed it, until the values of the event are erased.';

alter table administrator_proposals add column ends_id uuid references holdings;
alter table administrator_proposals drop constraint administrator_proposals_check1;
alter table administrator_proposals add constraint administrator_proposals_not_for_oneself
  check (ends_id is not null or proposed_by <> person_id);
comment on column administrator_proposals.ends_id is 'The holding that shall end on held_to; null where a post shall be given.';
comment on table administrator_proposals is 'Closed with a holding it was approved, closed without one it was dropped.';

alter table account_proposals drop constraint account_proposals_act_check;
alter table account_proposals add constraint account_proposals_act_check
  check (act in ('SET_PASSWORD', 'LINK_IDENTITY', 'UNLINK_IDENTITY', 'REMOVE_CODES', 'CLOSE_ACCOUNT', 'REOPEN_ACCOUNT'));
alter table account_proposals drop constraint account_proposals_check2;
alter table account_proposals add constraint account_proposals_elsewhere
  check ((act in ('LINK_IDENTITY', 'UNLINK_IDENTITY')) = (issuer is not null) and (issuer is null) = (subject is null));
