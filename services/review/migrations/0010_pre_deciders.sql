-- Who looks for what somebody decides, or has decided.

create index stages_by_decider on stages (decider_id, opened_at, id);
create index stages_decided_by_decider on stages (decider_id, decided_at, id) where state = 'DECIDED';
