"""What should change: pure. Imported by `engine` and `api`."""
