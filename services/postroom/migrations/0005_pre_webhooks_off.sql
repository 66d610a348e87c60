-- Webhooks that turned themselves off before there was an alarm for it stand on the list from now on.

insert into alarms (id, kind, about_id, subject_id, subject_code, unit_id, unit_path, raised_at)
select gen_random_uuid(), 'WEBHOOK_OFF', w.id, w.id, split_part(split_part(w.url, '/', 3), ':', 1), u.id, u.path, w.off_since
from webhooks w
cross join lateral (
  select id, path from organisation.units_v1 where parent_id is null order by valid_from, id limit 1
) u
where w.off_since is not null and w.failures >= 20 ;
