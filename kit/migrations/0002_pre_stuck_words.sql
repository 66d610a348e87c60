-- Words that somebody said need not arrive any more, runs that are started anew, and calls that are refused again and again.

alter table outbox add column dismissed_at timestamptz;
comment on column outbox.dismissed_at is 'Somebody said, with a reason, that this word need not arrive any more. It is given up, and no longer an alarm.';
alter table outbox drop constraint outbox_action_check;
alter table outbox add constraint outbox_action_check check (action in ('START', 'RESTART', 'SIGNAL'));
alter table outbox add constraint outbox_dismissed_check check (dismissed_at is null or given_up_at is not null);
create index outbox_stuck on outbox (workflow_id, id) where trouble is not null and delivered_at is null and dismissed_at is null;

create table refused_calls (
  workflow_id text not null,
  activity text not null,
  error text not null,
  attempts int not null,
  since timestamptz not null default now(),
  last_at timestamptz not null default now(),
  primary key (workflow_id, activity)
);
comment on table refused_calls is 'Activities that fail again and again; a row goes when the call goes through. error is a code, never what an exception says.';
