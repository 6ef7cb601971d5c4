"""The rows of the table of causes, by the place where they show. Imported by `diagnose.table`."""
