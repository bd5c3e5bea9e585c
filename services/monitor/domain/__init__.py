"""What the monitor makes of what it is told. No clock, no I/O."""
