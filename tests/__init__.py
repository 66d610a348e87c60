"""The suite; see docs/architecture.md for what each folder proves."""
