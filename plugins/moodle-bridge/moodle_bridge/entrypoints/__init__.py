"""How the world reaches the bridge: functions that return what they make from what they are given."""
