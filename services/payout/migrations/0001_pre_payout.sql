-- Awards with their shares, the ledger, payment lists.

create table awards (
  id uuid primary key,
  dossier_id uuid not null,
  dossier_code text not null,
  level text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  decision_number text not null,
  amount_dong bigint not null check (amount_dong > 0),
  rule_version text not null,
  basis jsonb not null,
  verifier_post text not null,
  approver_post text not null,
  state text not null,
  verified_by uuid,
  approved_by uuid,
  payment_list_id uuid,
  assessed_at timestamptz not null,
  moved_at timestamptz not null,
  due_at timestamptz not null,
  revision int not null default 1,
  version int not null default 1,
  unique (dossier_id, level)
);
create index awards_by_time on awards (assessed_at, id);
create index awards_by_state on awards (state, assessed_at, id);
create index awards_by_unit on awards (unit_id, state);
create index awards_by_path on awards using gin (unit_path);
create index awards_of_list on awards (payment_list_id);

create table award_shares (
  award_id uuid not null references awards,
  position int not null,
  person_id uuid not null,
  percent numeric(5, 2) not null,
  amount_dong bigint not null check (amount_dong >= 0),
  outside boolean not null default false,
  primary key (award_id, position)
);
comment on column award_shares.outside is 'An author whom the organisation does not know and no accountant has tied to a person yet; nothing is signed meanwhile.';
create index award_shares_by_person on award_shares (person_id);

create table ledger_entries (
  seq bigint generated always as identity primary key,
  journal_id uuid not null,
  award_id uuid not null references awards,
  unit_id uuid not null,
  account text not null check (account in ('AWARD_EXPENSE', 'AUTHORS_PAYABLE', 'TREASURY')),
  person_id uuid,
  debit_dong bigint not null default 0 check (debit_dong >= 0),
  credit_dong bigint not null default 0 check (credit_dong >= 0),
  booked_at timestamptz not null,
  check ((debit_dong = 0) <> (credit_dong = 0))
);
create index ledger_entries_by_journal on ledger_entries (journal_id);
create index ledger_entries_by_award on ledger_entries (award_id);
create index ledger_entries_by_unit on ledger_entries (unit_id, seq);
create trigger ledger_is_final before update or delete on ledger_entries for each row execute function refuse_change();
create trigger ledger_is_never_emptied before truncate on ledger_entries for each statement execute function refuse_change();

create function require_balance() returns trigger language plpgsql as $$
begin
  if (select sum(debit_dong) <> sum(credit_dong) from ledger_entries where journal_id = new.journal_id) then
    raise exception 'journal % does not balance', new.journal_id;
  end if;
  return null;
end $$;
create constraint trigger journals_balance after insert on ledger_entries deferrable initially deferred
  for each row execute function require_balance();

create table payment_lists (
  id uuid primary key,
  number int not null,
  year int not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  state text not null check (state in ('DRAFT', 'SENT', 'CONFIRMED', 'CANCELLED')),
  total_dong bigint not null,
  made_by uuid not null,
  made_at timestamptz not null,
  sent_at timestamptz,
  confirmed_at timestamptz,
  statement_reference text,
  version int not null default 1,
  unique (unit_id, year, number)
);
create index payment_lists_by_time on payment_lists (made_at desc, id desc);
create index payment_lists_by_path on payment_lists using gin (unit_path);

create table payment_list_items (
  list_id uuid not null references payment_lists,
  award_id uuid not null references awards,
  person_id uuid not null,
  amount_dong bigint not null,
  removed_at timestamptz,
  primary key (list_id, award_id, person_id)
);
