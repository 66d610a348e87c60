"""The servers that `sangkien up` brings along: PostgreSQL and Temporal as direct children, and the services
on top."""
