"""Plays a scenario by an ordinary run, and checks what it expects. Imported by `cli` and tests."""
