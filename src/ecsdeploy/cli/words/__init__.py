"""Reads the texts of options, typed or set, into values and edits. Imported by `cli` only."""
