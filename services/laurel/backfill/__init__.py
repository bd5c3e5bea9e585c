"""Earlier completions from a file into a running house: read, sent in portions, gone on with after a stop."""
