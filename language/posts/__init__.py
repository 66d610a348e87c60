"""Who may act for whom; pure."""
