"""The rules a dossier was filed under, frozen, and what follows from them; pure."""
