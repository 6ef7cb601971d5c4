"""Records what a run and AWS told each other, and plays such a record again. Imported by `cli` and tests."""
