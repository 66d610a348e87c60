"""The issuer over HTTP."""
