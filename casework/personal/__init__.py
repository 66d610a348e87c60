"""What is held of a person, said once for each table, and shown to the person."""
