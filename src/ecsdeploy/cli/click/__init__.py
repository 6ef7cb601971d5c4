"""What click reads of a command's words, and completes, and what it cannot read. Imported by `cli` only."""
