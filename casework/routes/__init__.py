"""Routes that every service with cases has."""
