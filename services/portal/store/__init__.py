"""The portal's two tables."""
