"""Reads the files that options name into parts of a request. Imported by `cli` only."""
