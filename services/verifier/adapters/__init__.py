"""The worlds the verifier can live in: the web behind a guard, a folder of evidence, this house's own events."""
