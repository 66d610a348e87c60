-- What follows from a request is found by its id.

alter table outbox add column request_id text;
comment on column outbox.request_id is 'The id of the request (or of what a workflow did for one) that wrote the message: for logs, and for nothing else.';
