-- How many awards of a season are in which state, and how much money they are.

create index awards_counted on awards (season_id, level, state) include (amount_dong);
