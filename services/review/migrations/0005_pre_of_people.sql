-- What stands under whose id, for whoever joins two records of one person.

create view of_people_v1 as
select m.person_id, 'MEMBER' as joined_as, m.stage_id as about_id, s.state = 'OPEN' as is_open
from seats m join stages s on s.id = m.stage_id
union all
select decider_id, 'DECIDER', id, state = 'OPEN' from stages where decider_id is not null;
comment on view of_people_v1 is 'As what a person stands in what. Read when two records of one person are joined.';
