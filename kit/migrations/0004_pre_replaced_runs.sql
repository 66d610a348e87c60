-- Runs that begin anew in place of one that goes on, and runs that are ended.

alter table outbox drop constraint outbox_action_check;
alter table outbox add constraint outbox_action_check
check (action in ('START', 'RESTART', 'SIGNAL', 'RESUME', 'REPLACE', 'END'));
