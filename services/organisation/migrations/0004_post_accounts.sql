-- Tries are counted in sign_in_tries: nobody can lock an account by its name alone any more.

alter table accounts drop column failed_attempts;
alter table accounts drop column last_failed_at;
