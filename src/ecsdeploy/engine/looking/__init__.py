"""The commands that only read, a file each: imported by `api`."""
