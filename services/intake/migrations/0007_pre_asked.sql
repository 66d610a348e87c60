-- What people are asked for that is no task, as others read it.

create view asked_v1 as
select 'SHARE' as kind, d.id as subject_id, a.person_id
from dossiers d join dossier_authors a on a.dossier_id = d.id
where d.state in ('DRAFT', 'SUPPLEMENT_REQUESTED') and not a.outside and not exists (
  select 1 from author_answers said
  where said.dossier_id = d.id and said.person_id = a.person_id and said.percent = a.percent
)
union all
select 'AGREEMENT', id, coalesce(taken_over_by, created_by) from dossiers
where state = 'DRAFT' and prepared_by is not null and agreed_at is null
union all
select 'FILING', id, prepared_by from dossiers
where state = 'DRAFT' and prepared_by is not null and agreed_at is not null;
comment on view asked_v1 is 'Whose word is awaited about a draft or a supplement: an author''s about the own share, an author''s about what a clerk has prepared, a clerk''s filing of what its author has agreed to.';
