"""What happened: recorded in the transaction of the fact, never changed."""
