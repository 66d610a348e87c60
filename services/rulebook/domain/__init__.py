"""The life of a draft, a change of rules over open dossiers, and what the rulebook refuses."""
