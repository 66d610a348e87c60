-- Runs that are told to go on, or start where none goes on.

alter table outbox drop constraint outbox_action_check;
alter table outbox add constraint outbox_action_check check (action in ('START', 'RESTART', 'SIGNAL', 'RESUME'));
alter table outbox add column signal text;
alter table outbox add constraint outbox_signal_check check ((action = 'RESUME') = (signal is not null));
comment on column outbox.signal is 'Of a RESUME: the signal by which a run that goes on is told, with the same payload that starts one where none does.';
