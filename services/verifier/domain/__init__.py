"""What a verdict is made of. No clock, no I/O: what was fetched and what time it is arrive as arguments."""
