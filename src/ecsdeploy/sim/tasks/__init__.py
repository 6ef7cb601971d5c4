"""The life of one task, from its start to its end. Imported by `sim` only."""
