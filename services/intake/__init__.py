"""Owns dossiers, authors and shares, attachments, the register of requests and the formal check."""
