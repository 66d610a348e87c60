-- Who looks for what somebody has signed or paid, or for the money of a season.

alter table awards add column season_id uuid;
comment on column awards.season_id is 'The season in which the dossier was filed.';
update awards a set season_id = d.season_id from intake.dossier_heads_v1 d where d.id = a.dossier_id;

create index awards_by_season on awards (season_id, assessed_at, id);
create index awards_by_season_and_due on awards (season_id, due_at, id);
create index awards_by_season_and_amount on awards (season_id, amount_dong, id);
create index awards_by_verifier on awards (verified_by) where verified_by is not null;
create index awards_by_approver on awards (approved_by) where approved_by is not null;
create index payment_lists_by_maker on payment_lists (made_by);
