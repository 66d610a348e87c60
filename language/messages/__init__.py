"""What services and workflows say to each other: activity ports and their messages, a file an owner."""
