-- Who looks for the work about some dossiers: those of an author, or of a name.

create index tasks_by_subject on tasks (subject_id, due_at, id);
