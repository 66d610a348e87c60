"""The HTTP edge: problem+json, idempotent commands, ETags, keyset pages, and the app that holds them
together."""
