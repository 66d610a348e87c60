-- Two records of one person: whoever is paid under the other one; and what stands under whose id.

alter table award_shares drop constraint award_shares_check;
comment on column award_shares.paid_to is 'Who is paid in the place of person_id: for an author from outside whom an accountant has tied, or the record that stands for the author''s.';

create view of_people_v1 as
select coalesce(s.paid_to, s.person_id) as person_id, 'PAYEE' as joined_as, s.award_id as about_id,
  a.state not in ('PAID', 'REJECTED', 'REVERSED') as is_open
from award_shares s join awards a on a.id = s.award_id
union all
select verified_by, 'SIGNER', id, state not in ('PAID', 'REJECTED', 'REVERSED') from awards where verified_by is not null
union all
select approved_by, 'SIGNER', id, state not in ('PAID', 'REJECTED', 'REVERSED') from awards where approved_by is not null
union all
select made_by, 'LIST_MAKER', id, state in ('DRAFT', 'SENT') from payment_lists;
comment on view of_people_v1 is 'As what a person stands in what. Read when two records of one person are joined.';
