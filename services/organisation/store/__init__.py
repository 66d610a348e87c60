"""Every statement that touches units, people, posts, leave and delegations."""
