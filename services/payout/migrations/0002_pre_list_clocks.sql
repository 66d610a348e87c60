-- Payment lists have a clock: its rules are those of the newest award on the list.

alter table awards add column list_rules jsonb;
comment on column awards.list_rules is 'Budget, basis and ladder of a payment list, from the award''s frozen plan.';
alter table payment_lists
  add column rule_version text,
  add column due_at timestamptz;
create index awards_by_due on awards (due_at);
create index awards_in_signature on awards (due_at) where state in ('ASSESSED', 'VERIFIED');
create index awards_by_level on awards (level, assessed_at, id);
comment on column payment_lists.due_at is 'When the treasury should have paid it; moved with its clock.';
