"""Turns the events of a run into text. Imported by `cli` and `api`; it imports nothing of the engine."""
