"""Calendars, the arithmetic of deadlines, and its explanation; pure."""
