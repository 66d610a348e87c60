-- In which version of their form the rules of a stage were written (language/plan/versions.py).

alter table stages add column plan_version int not null default 1;
