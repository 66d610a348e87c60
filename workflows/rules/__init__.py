"""Pure rules of time and route, run by workflows and services alike; no I/O, no clock, no state."""
