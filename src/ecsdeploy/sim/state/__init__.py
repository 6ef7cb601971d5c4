"""What exists in a simulated account, and the texts of its events. Imported by `sim` only."""
