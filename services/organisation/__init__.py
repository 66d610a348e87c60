"""Owns units, people, the posts they hold, leave, delegations and accounts; it says who acts for whom, and it
is the issuer of tokens."""
