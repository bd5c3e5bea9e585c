"""The worlds the catalogue can live in."""
