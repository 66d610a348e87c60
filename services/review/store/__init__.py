"""SQL of the review service, as text beside the function that runs it."""
