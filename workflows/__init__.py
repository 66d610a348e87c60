"""The journey of a dossier and of its money, told as Temporal workflows."""
