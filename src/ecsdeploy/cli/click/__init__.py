"""The commands' words as click reads and completes them, and errors in them. Imported by `cli` only."""
