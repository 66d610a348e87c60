-- Recognitions that were cancelled after the dossier was closed.

alter table dossiers drop constraint dossiers_state_check;
alter table dossiers add constraint dossiers_state_check check (state in (
  'DRAFT', 'FILED', 'SUPPLEMENT_REQUESTED', 'ACCEPTED', 'REQUEST_REJECTED', 'RECOGNISED', 'REFUSED', 'WITHDRAWN',
  'RECOGNITION_CANCELLED'));
