-- Notices, mails and deliveries are kept for a time only: what their removal looks for.

create index mails_over on mails (send_at, id) where state in ('SENT', 'UNSURE', 'FAILED');
create index webhook_deliveries_by_notice on webhook_deliveries (notice_id);
