"""Dossiers, authors and shares, attachments, the register of requests, the formal check."""
