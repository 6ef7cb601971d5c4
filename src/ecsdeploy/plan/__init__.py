"""What a release should change, as pure decisions from what was read. Imported by `engine` and `api`."""
