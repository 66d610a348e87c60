-- A file that comes in pieces, over a line that breaks.

create table uploads (
  id uuid primary key,
  dossier_id uuid not null references dossiers,
  begun_by uuid not null,
  filename text not null,
  size_bytes bigint not null check (size_bytes > 0),
  received_bytes bigint not null default 0 check (received_bytes between 0 and size_bytes),
  attachment_id uuid,
  begun_at timestamptz not null,
  touched_at timestamptz not null default now(),
  check (attachment_id is null or received_bytes = size_bytes)
);
comment on table uploads is 'So many bytes of the file lie beside the attachments, durable; what lies there beyond them does not count. Rows go a day after they were touched, finished ones too: until then a repeat learns what became of it.';
comment on column uploads.touched_at is 'By the server''s clock, which no rehearsal moves.';
create index uploads_by_person on uploads (begun_by) where attachment_id is null;
create index uploads_by_age on uploads (touched_at);
