-- All mails are read newest first without sorting them.

create index mails_by_time on mails (made_at desc, id desc);
