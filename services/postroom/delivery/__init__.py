"""What runs by itself: mails go out, webhooks are called, what is old is forgotten; each by one process at a
time."""
