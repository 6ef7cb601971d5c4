"""What is happening: pure. Imported by `engine`."""
