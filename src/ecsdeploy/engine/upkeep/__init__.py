"""What is changed between releases: each command plans first, and then goes step by step. Imported by `api`."""
