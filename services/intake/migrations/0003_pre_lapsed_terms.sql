-- Terms that ran out without a supplement, in the shape of clocks of which a rung has fired.

create index events_lapsed on events (subject_id) where kind = 'RequestRejected' and actor_id is null;
create view lapsed_terms_v1 as
select d.id as about_id, d.id as subject_id, d.code as subject_code, d.unit_id, d.unit_path, asked.occurred_at as opened_at,
  lapsed.occurred_at as runs_until, d.supplement_budget as budget,
  jsonb '[{"id": "supplement", "action": "HAND_UP", "anchor": "DUE", "offset": 0, "unit": "CALENDAR_DAYS", "basis": {"rule": "formal_check.supplement", "document": ""}}]' as ladder,
  jsonb_build_array(jsonb_build_object('rung_id', 'supplement', 'fired_at', lapsed.occurred_at, 'event_id', lapsed.event_id,
    'kind', lapsed.kind)) as fired,
  '[]'::jsonb as moves
from events lapsed join dossiers d on d.id = lapsed.subject_id
cross join lateral (
  select e.occurred_at from events e
  where e.subject_id = lapsed.subject_id and e.kind = 'SupplementRequested' and e.seq < lapsed.seq
  order by e.seq desc limit 1
) asked
where lapsed.kind = 'RequestRejected' and lapsed.actor_id is null;
comment on view lapsed_terms_v1 is 'Requests that were rejected because the supplement did not come in time: from when the term ran, and when it was taken to be over.';
