"""Why it failed: pure. Imported by `engine`."""
