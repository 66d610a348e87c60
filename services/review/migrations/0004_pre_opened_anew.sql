-- A stage whose unit has ended may be opened anew in the unit that took over.

alter table stages add column opened_anew_as uuid references stages;
comment on column stages.opened_anew_as is 'The unit ended, and by its rules another stage took the place of this one, in the unit that took over.';
comment on column stages.moved_by is 'The transition or the act about units that closed the stage: its sheets are void, the dossier goes on at moved_to_level.';

-- Who stays out of a stage stays out of the one that takes its place, by the same declaration.
alter table recusals drop constraint recusals_event_id_key;
alter table recusals add unique (event_id, stage_id);
