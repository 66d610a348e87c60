-- What stands under whose id, for whoever joins two records of one person.

create index author_answers_by_person on author_answers (person_id);

create view of_people_v1 as
select a.person_id, 'AUTHOR' as joined_as, a.dossier_id as about_id,
  d.closed_at is null and d.state not in ('WITHDRAWN', 'REQUEST_REJECTED') as is_open
from dossier_authors a join dossiers d on d.id = a.dossier_id
union all
select d.created_by, 'FILER', d.id, d.closed_at is null and d.state not in ('WITHDRAWN', 'REQUEST_REJECTED')
from dossiers d
union all
select d.taken_over_by, 'FILER', d.id, d.closed_at is null and d.state not in ('WITHDRAWN', 'REQUEST_REJECTED')
from dossiers d where d.taken_over_by is not null;
comment on view of_people_v1 is 'As what a person stands in what. Read when two records of one person are joined.';
