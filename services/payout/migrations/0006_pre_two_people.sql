-- Who sent a payment list neither confirms nor cancels it, unless the rules let one person do both.

alter table awards add column payment_people int not null default 2 check (payment_people in (1, 2));
comment on column awards.payment_people is 'How many people send and confirm a list that has it on it, from the award''s frozen plan.';
alter table payment_lists
  add column payment_people int not null default 2 check (payment_people in (1, 2)),
  add column sent_by uuid;
comment on column payment_lists.sent_by is 'Who sent it to the treasury.';
