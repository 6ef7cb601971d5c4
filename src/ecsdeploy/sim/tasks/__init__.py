"""The life of one task, from its place to its end. Imported by `sim` only."""
