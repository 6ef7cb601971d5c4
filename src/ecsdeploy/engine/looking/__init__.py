"""What each command does that only looks: imported by `api`."""
