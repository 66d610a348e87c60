-- What stands under whose id, for whoever joins two records of one person.

create view of_people_v1 as
select drafted_by as person_id, 'DRAFTER' as joined_as, id as about_id, state in ('DRAFT', 'CHECKED') as is_open
from policy_drafts
union
select edited_by, 'DRAFTER', id, state in ('DRAFT', 'CHECKED') from policy_drafts
union
select made_by, 'DRAFTER', id, state = 'DRAFT' from transitions;
comment on view of_people_v1 is 'As what a person stands in what. Read when two records of one person are joined.';
