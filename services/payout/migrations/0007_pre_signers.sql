-- Who looks for what somebody has signed, or paid.

create index awards_by_verifier on awards (verified_by) where verified_by is not null;
create index awards_by_approver on awards (approved_by) where approved_by is not null;
create index payment_lists_by_maker on payment_lists (made_by);
