"""What a dossier is, when it may be filed, and how the formal check moves."""
