"""What the bridge decides: whether a delivery is genuine, what it says, and what is known of its outcome."""
