-- What follows from a request is found by its id, and in its trace.

alter table outbox add column request_id text, add column traceparent text;
comment on column outbox.request_id is 'The id of the request (or of what a workflow did for one) that wrote the message: for logs, and for nothing else.';
comment on column outbox.traceparent is 'Where the trace of that request goes on (W3C Trace Context); null while nobody takes traces.';
