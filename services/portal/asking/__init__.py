"""Asking the services' public APIs as the person who looks at a page."""
