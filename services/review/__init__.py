"""Owns councils, score sheets, and decisions with their numbers."""
