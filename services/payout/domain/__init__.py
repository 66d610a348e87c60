"""Splitting, booking, and the steps of an award."""
