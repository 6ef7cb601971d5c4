"""What was typed or set, and what the texts mean. Imported by `cli` only."""
