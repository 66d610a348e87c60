"""The `sangkien` command: start, look, test, rehearse."""
