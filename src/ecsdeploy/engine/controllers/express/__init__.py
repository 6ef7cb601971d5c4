"""Releases to services that Express mode manages. Only `engine.controllers` imports it."""
