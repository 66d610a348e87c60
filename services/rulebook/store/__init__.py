"""Every statement that touches the rulebook's tables."""
