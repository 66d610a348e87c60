"""One function for each thing that can be done, one transaction each."""
