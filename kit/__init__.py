"""Plumbing that every service uses and that knows no term of the domain beyond the shared contracts; each
file is one thing."""
