"""Temporal's real server on PostgreSQL, five processes of it."""
