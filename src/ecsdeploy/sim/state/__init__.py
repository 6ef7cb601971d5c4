"""What exists in a world, and what is said of it. Imported by `sim` only."""
