"""The language that services and workflows share: messages, names, refusals, typed activity ports. Stdlib and Temporal's decorator only."""
