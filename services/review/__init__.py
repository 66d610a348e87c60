"""The review service: councils, score sheets, decisions."""
