"""Decides at the pause of a deployment whether it goes on: imported by `engine.commands` and the command line."""
