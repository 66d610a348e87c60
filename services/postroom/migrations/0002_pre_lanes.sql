-- Deliveries are looked up webhook by webhook, so that one that does not answer fills nobody else's turn.

create index webhook_deliveries_waiting_by_webhook on webhook_deliveries (webhook_id, next_try_at, id) where state = 'WAITING';
drop index webhook_deliveries_waiting;
