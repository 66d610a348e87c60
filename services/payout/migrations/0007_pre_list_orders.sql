-- Payment lists are read in each of their orders, and narrowed, without walking all of them.

create index payment_lists_by_due on payment_lists ((coalesce(due_at, '9999-12-30 00:00:00+00:00')), id);
create index payment_lists_by_total on payment_lists (total_dong, id);
create index payment_lists_by_state on payment_lists (state, made_at, id);
create index payment_lists_due on payment_lists (due_at);
