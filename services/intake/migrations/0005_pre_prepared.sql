-- A clerk prepares a dossier for its author, who agrees to what is handed in.

alter table dossiers
  add column prepared_by uuid,
  add column agreed_at timestamptz,
  add column handed_in_by uuid;
comment on column dossiers.prepared_by is 'The clerk who began it for created_by; null where the author did.';
comment on column dossiers.agreed_at is 'When the author agreed to the filing of the draft as it stands; any change makes it null.';
comment on column dossiers.handed_in_by is 'Who filed it: an author, or a clerk, who then does not check it.';
create index dossiers_by_preparer on dossiers (prepared_by) where prepared_by is not null;
