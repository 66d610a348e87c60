-- People are looked for by their codes as well as by their names.

create index people_by_any_code on people using gin (lower(code) public.gin_trgm_ops);
