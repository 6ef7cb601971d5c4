"""What answers a call before, or in place of, an operation. Imported by `sim` only."""
