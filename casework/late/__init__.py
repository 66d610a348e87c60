"""Papers that arrive late, and the acts that they put into question."""
