"""Owns units, people, the posts they hold, leave, accounts, calendars, seasons and published policy packs."""
