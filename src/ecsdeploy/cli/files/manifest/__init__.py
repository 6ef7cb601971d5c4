"""Reads a manifest, `ecs-release.toml`: the file, its keys, and what they mean for each service.

Imported by `cli` only.
"""
