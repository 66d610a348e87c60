"""Every statement that touches accounts, signing keys and authorization codes."""
