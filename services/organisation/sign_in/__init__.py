"""Accounts and signing in: an OpenID Connect issuer for the people of the organisation."""
