"""The worlds the monitor can live in."""
