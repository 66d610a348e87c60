"""Plumbing that every service uses and that knows no domain word beyond the shared contracts; each file is
one thing."""
