-- Who leads, and the outbox at size: the head of each workflow's queue is found by index, and what cannot arrive is kept apart.

create table leaders (
  what text primary key,
  holder uuid not null,
  term bigint not null,
  since timestamptz not null default clock_timestamp(),
  until timestamptz not null,
  session text not null
);
comment on table leaders is 'One row a thing that one process at a time does. The holder renews `until` while its work goes round; `term` grows with every take-over.';
comment on column leaders.session is 'The session of the holder with this server. Where it is gone, nobody waits for `until`.';

alter table outbox
  add column trouble text check (trouble in ('RUN_UNKNOWN', 'RUN_FAILED', 'FAULT')),
  add column unknown_since timestamptz,
  add column given_up_at timestamptz,
  add check (delivered_at is null or given_up_at is null),
  add check (given_up_at is null or trouble is not null);
comment on column outbox.trouble is 'Why a word does not arrive though Temporal answers.';
comment on column outbox.given_up_at is 'It is not tried any more; it stays for somebody to see.';

drop index outbox_waiting;
-- Each of the two says something that is always true, so that it serves its own question only. Statistics say nearly always that next to
-- nothing waits; by them one index is as good as the other, and the wrong one is read from end to end for every lane.
create index outbox_waiting on outbox (workflow_id, id) where delivered_at is null and given_up_at is null and id > 0;
create index outbox_due on outbox (next_try_at)
where delivered_at is null and given_up_at is null and next_try_at > '-infinity';
create index outbox_in_trouble on outbox (id) where trouble is not null and delivered_at is null;
create index outbox_given_up on outbox (workflow_id) where given_up_at is not null;
create index outbox_starts on outbox (workflow_id) where action = 'START';
create index outbox_delivered on outbox (delivered_at) where delivered_at is not null;
