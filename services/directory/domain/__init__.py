"""Who is who and who acts: pure values and rules."""
