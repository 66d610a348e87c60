"""A whole season in minutes: people who act through the public APIs, a clock that runs fast, and an
independent check at the end."""
