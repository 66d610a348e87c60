create view clocks_v1 as
select about_id, subject_id, kind, unit_id, unit_path, opened_at, due_at,
  greatest(due_at, (rungs -> -1 ->> 'at')::timestamptz) as runs_until
from clocks where closed_at is null;
comment on view clocks_v1 is 'Clocks that run or stand still: whose, in which unit, from when, and until its last rung.';
