"""The clocks of cases: kept by their owner, moved by acts and calendars."""
