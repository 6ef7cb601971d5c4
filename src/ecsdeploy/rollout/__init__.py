"""What is happening to a deployment, as pure decisions from what was read. Imported by `engine`."""
