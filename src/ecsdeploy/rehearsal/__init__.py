"""Plays a release in a simulated world that is like the live service. Imported by `cli` and `client`."""
