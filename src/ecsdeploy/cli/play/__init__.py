"""A scenario as the surroundings of an ordinary run, held against what it expects. Imported by `cli` and tests."""
