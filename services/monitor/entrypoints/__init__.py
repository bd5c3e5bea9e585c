"""Where the world meets the monitor: events, HTTP, pages."""
