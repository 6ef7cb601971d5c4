"""Tells others how a run ended: `--notify`. Imported by `cli.session`."""
