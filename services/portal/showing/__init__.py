"""How pages look: templates, the two languages, files that browsers keep."""
