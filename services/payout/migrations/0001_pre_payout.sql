-- Awards and their shares, the double-entry ledger, payment lists. Nothing here is ever deleted.

create function refuse_removal() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are final: reverse, never change or delete', tg_table_name;
end $$;

create table awards (
  id uuid primary key,
  dossier_id uuid not null,
  dossier_code text not null,
  level text not null,
  unit_id uuid not null,
  unit_path uuid[] not null check (unit_path[array_length(unit_path, 1)] = unit_id),
  decision_number text not null,
  amount_dong bigint not null check (amount_dong > 0),
  rule_version text not null,
  basis jsonb not null,
  verifier_kind text not null,
  approver_kind text not null,
  state text not null
    check (state in ('ASSESSED', 'VERIFIED', 'APPROVED', 'LISTED', 'SENT', 'PAID', 'REJECTED', 'REVERSED')),
  version int not null,
  assessed_at timestamptz not null,
  due_at timestamptz not null,
  moved_at timestamptz not null,
  moved_event_id uuid not null,
  verified_by uuid,
  approved_by uuid,
  unique (dossier_id, level),
  check (verified_by <> approved_by),
  check (state not in ('APPROVED', 'LISTED', 'SENT', 'PAID') or (verified_by is not null and approved_by is not null))
);
comment on table awards is 'The money of one recognition. version grows with every move and is the revision the workflow is told.';
create index awards_newest on awards (assessed_at desc, id desc);
create index awards_by_path on awards using gin (unit_path);
create index awards_to_list on awards (unit_id, assessed_at, id) where state = 'APPROVED';
create trigger awards_stay before delete or truncate on awards for each statement execute function refuse_removal();

create table award_shares (
  award_id uuid not null references awards,
  person_id uuid not null,
  position int not null,
  percent numeric(5, 2) not null check (percent > 0 and percent <= 100),
  amount_dong bigint not null check (amount_dong >= 0),
  primary key (award_id, person_id),
  unique (award_id, position)
);
create index award_shares_by_person on award_shares (person_id, award_id);
create trigger shares_are_final before update or delete or truncate on award_shares for each statement execute function refuse_removal();

create table ledger_accounts (
  account text primary key,
  title_vi text not null,
  title_en text not null
);
insert into ledger_accounts (account, title_vi, title_en) values
  ('AWARD_EXPENSE', 'Chi tiền thưởng sáng kiến', 'Award expense'),
  ('AUTHORS_PAYABLE', 'Phải trả tác giả', 'Payable to authors'),
  ('TREASURY', 'Tiền gửi Kho bạc Nhà nước', 'State Treasury');

create table ledger_journals (
  id uuid primary key,
  award_id uuid not null references awards,
  kind text not null check (kind in ('APPROVAL', 'PAYMENT', 'REVERSAL')),
  posted_at timestamptz not null,
  unique (award_id, kind),
  unique (id, award_id)
);
comment on table ledger_journals is 'One posting. An award is approved, paid and reversed at most once each.';

create table ledger_entries (
  id bigint generated always as identity primary key,
  journal_id uuid not null,
  award_id uuid not null,
  account text not null references ledger_accounts,
  person_id uuid,
  debit_dong bigint not null check (debit_dong >= 0),
  credit_dong bigint not null check (credit_dong >= 0),
  foreign key (journal_id, award_id) references ledger_journals (id, award_id),
  check ((debit_dong = 0) <> (credit_dong = 0))
);
create index ledger_entries_by_journal on ledger_entries (journal_id);
create index ledger_entries_by_award on ledger_entries (award_id, id);

create function refuse_unbalanced_journal() returns trigger language plpgsql as $$
begin
  if (select sum(debit_dong) <> sum(credit_dong) from ledger_entries where journal_id = new.journal_id) then
    raise exception 'journal % does not balance', new.journal_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journals_balance after insert on ledger_entries
  deferrable initially deferred for each row execute function refuse_unbalanced_journal();
create trigger journals_are_final before update or delete or truncate on ledger_journals
  for each statement execute function refuse_removal();
create trigger entries_are_final before update or delete or truncate on ledger_entries
  for each statement execute function refuse_removal();

create table payment_lists (
  id uuid primary key,
  number text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  state text not null check (state in ('DRAFT', 'SENT', 'CONFIRMED', 'CANCELLED')),
  total_dong bigint not null check (total_dong >= 0),
  award_count int not null check (award_count >= 0),
  statement_reference text,
  version int not null,
  drafted_at timestamptz not null,
  unique (unit_id, number),
  check (state <> 'CONFIRMED' or statement_reference is not null)
);
create index payment_lists_newest on payment_lists (drafted_at desc, id desc);
create index payment_lists_by_path on payment_lists using gin (unit_path);
create trigger payment_lists_stay before delete or truncate on payment_lists for each statement execute function refuse_removal();

create table payment_list_items (
  list_id uuid not null references payment_lists,
  award_id uuid not null,
  person_id uuid not null,
  amount_dong bigint not null check (amount_dong >= 0),
  removed_at timestamptz,
  primary key (list_id, award_id, person_id),
  foreign key (award_id, person_id) references award_shares (award_id, person_id)
);
create unique index payment_list_items_once on payment_list_items (award_id, person_id) where removed_at is null;
create trigger list_items_stay before delete or truncate on payment_list_items for each statement execute function refuse_removal();
