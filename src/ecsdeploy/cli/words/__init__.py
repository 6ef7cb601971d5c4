"""What was typed or set, and what the texts mean. Imported by `cli` and the GitHub Action."""
