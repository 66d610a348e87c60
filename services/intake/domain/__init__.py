"""Pure rules and values of intake."""
