-- How many stages of a season are at which level, in which state.

create index stages_counted on stages (season_id, level, state, outcome) include (due_at, id);
