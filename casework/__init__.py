"""What every case has, once: history, tasks, clocks, ladder, hand-over, notices, forecast."""
