"""What an offering goes through, and what a search means. Decisions only."""
