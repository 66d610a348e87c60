"""Every statement that touches the postroom's tables."""
