"""Argv to request to exit code. Nobody imports it."""
