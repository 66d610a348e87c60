"""The ground floor: what everybody says. Standard library only, but for Temporal's declarations in `messages`
and `names`."""
