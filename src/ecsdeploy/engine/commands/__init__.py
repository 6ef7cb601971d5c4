"""What each command does: imported by `api`."""
