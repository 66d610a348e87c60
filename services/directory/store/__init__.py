"""Every statement that touches the directory's tables."""
