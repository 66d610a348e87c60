-- Which money is still owed or under way, for who asks what is open in a unit.

create view awards_v1 as
select id, dossier_id, dossier_code, unit_id, state from awards where state not in ('PAID', 'REJECTED', 'REVERSED');
comment on view awards_v1 is 'Awards that are not paid, rejected or reversed yet.';

create view payment_lists_v1 as
select id, number, year, unit_id, state from payment_lists where state in ('DRAFT', 'SENT');
comment on view payment_lists_v1 is 'Payment lists that are not confirmed or cancelled yet.';
