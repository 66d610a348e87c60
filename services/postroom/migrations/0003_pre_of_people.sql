-- What stands under whose id, for whoever joins two records of one person.

create view of_people_v1 as
select person_id, 'READER' as joined_as, id as about_id, read_at is null as is_open from received_notices
union all
select person_id, 'SETTINGS', person_id, true from notice_settings;
comment on view of_people_v1 is 'As what a person stands in what. Read when two records of one person are joined.';
