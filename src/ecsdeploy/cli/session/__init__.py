"""A command line as it is carried out: streams, signals, log, run, what a CI job is told. Imported by `cli` only."""
