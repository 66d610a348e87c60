-- Each vote now writes every row of its stage: a row written alone would bear the transaction (xmin) of the last member who voted so,
-- which is also that of the member's sheet.

alter table ballots drop constraint ballots_cast_count_check;
alter table ballots add constraint ballots_cast_count_check check (cast_count >= 0);
update ballots set cast_count = cast_count;
