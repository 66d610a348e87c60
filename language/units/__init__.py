"""Units over time: where a matter belongs on a day, and what a succession of units makes of everything."""
