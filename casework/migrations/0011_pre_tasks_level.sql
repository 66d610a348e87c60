-- At which level work lies: whoever passes work on of some levels sees what that moves.

create or replace view tasks_v1 as
select id, kind, subject_id, about_id, assignee_id, post_id, state, due_at, level from tasks;
