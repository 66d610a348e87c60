-- What was delegated to a person, for the person.

create index delegations_by_delegate on delegations (delegate_id, starts_on) where cancelled_at is null;
