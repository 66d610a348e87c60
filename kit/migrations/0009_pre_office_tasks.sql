-- Tasks of an office know whose they are to take: whoever holds a post of this kind in the unit.

alter table tasks add column post_kind text;
comment on column tasks.post_kind is 'Work of an office: any holder of a post of this kind in the unit may take it; null for work that is one person''s.';
create index tasks_of_office on tasks (unit_id, post_kind) where state in ('WAITING', 'OPEN') and post_kind is not null;
