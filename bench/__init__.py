"""Benchmarks: ours and the floor measured in the same run, in interleaved rounds; medians and ratios, no
timed assertion."""
