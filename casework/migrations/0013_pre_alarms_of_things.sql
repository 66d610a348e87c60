-- Something that is no case may stand on the alarm list too: a webhook that turned itself off.

alter table alarms alter column case_type drop not null;
comment on column alarms.case_type is 'Null where it is about no case.';
