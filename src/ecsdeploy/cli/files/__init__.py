"""Files that options name, each read into what a request holds. Imported by `cli` only."""
