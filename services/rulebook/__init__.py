"""Owns the rules of the province: policy packs and their drafts, calendars with the breaks of units, seasons
with their rounds, and changes of rules under dossiers on their way."""
