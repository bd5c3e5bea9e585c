"""What the bridge stands on."""
