"""Where a dossier goes: after a decision, after a change of rules; and which open work moves. Pure."""
