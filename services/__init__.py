"""The services; each owns its facts and its schema, and none calls another."""
