"""Owns what people are told: everybody's inbox of notices, how each wants to be told, and the mails and
webhooks that go out; it forgets what was kept long enough."""
