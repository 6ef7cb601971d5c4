"""What answers a call before an operation does, or in its place. Imported by `sim` only."""
