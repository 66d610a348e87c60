-- What other services' lists are narrowed by: whose dossier it is, of which season, and what people call it. Nothing is
-- computed here, so that whoever looks for a name or a person is led by the indexes of the tables.

create view dossier_heads_v1 as
select id, code, season_id, search_text from dossiers where filed_at is not null;
comment on view dossier_heads_v1 is 'search_text holds code, title and names of authors, without marks.';

create view dossier_authors_v1 as
select dossier_id, person_id from dossier_authors;
