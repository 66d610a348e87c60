"""Who acts in the posts of a unit, and what the organisation refuses."""
