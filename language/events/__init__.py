"""What can happen: one frozen dataclass for each fact."""
