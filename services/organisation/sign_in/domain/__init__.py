"""What signing in refuses."""
