-- A mail remembers the term of the leader that claimed it: one that lost the lead meanwhile cannot put it back to be sent again.

alter table mails add column claimed_in bigint;
