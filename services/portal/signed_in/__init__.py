"""Who is signed in: the code flow with the issuer, sessions, and what was typed when one had ended."""
