-- Who does not settle a complaint stands in complaints_barred; what was filed while the new release came up, too.

insert into complaints_barred (complaint_id, person_id)
select c.id, c.barred_id from complaints c where c.barred_id is not null
  and not exists (select from complaints_barred b where b.complaint_id = c.id and b.person_id = c.barred_id);
alter table complaints drop column barred_id;
