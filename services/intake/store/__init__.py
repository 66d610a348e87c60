"""Every statement that touches intake's tables."""
