-- Awards in the order in which they are due, and of their amounts.

drop index awards_by_due;
create index awards_by_due on awards (due_at, id);
drop index awards_in_signature;
create index awards_in_signature on awards (due_at, id) where state in ('ASSESSED', 'VERIFIED');
create index awards_by_state_and_due on awards (state, due_at, id);
create index awards_by_amount on awards (amount_dong, id);
