-- The calendar of a check lies with its clock, which follows every change of it.

alter table dossiers drop column calendar;
