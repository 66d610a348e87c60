"""Lists that people keep in Excel: opened within bounds, read cell by cell with every doubt named, written
back. Below the services, beside the packs; knows no database and no HTTP."""
