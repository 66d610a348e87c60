-- Answers from before: their keys become hashes, and salt the hashes of their requests, exactly as the code does it now.

update idempotency_keys set
  key = encode(sha256(convert_to(key, 'UTF8')), 'hex'),
  request_hash = encode(sha256(convert_to(key || ' ' || request_hash, 'UTF8')), 'hex');
comment on column idempotency_keys.key is 'SHA-256 of the Idempotency-Key, which is kept nowhere.';
comment on column idempotency_keys.request_hash is 'Salted with the Idempotency-Key, so that nobody can try what the request may have said.';
