"""Pure rules of the council: who sits, what the marks say, when a decision holds."""
