"""Runs that do not go on by themselves: found, on the alarm list, and started anew."""
