"""What things are called in Vietnamese and in English: every enum, every event. A test finds what is
missing."""
