"""The ways in: routers, made from what they are given."""
