"""Carries out a command line: streams, signals, log, the run, and reports for a CI job. Imported by `cli` only."""
