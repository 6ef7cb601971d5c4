"""Carries out many runs as one release, in one thread. Imported by `api` only."""
