"""The postroom over HTTP."""
