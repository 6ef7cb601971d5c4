"""What each check's finding says: a table for each kind of check. Imported by `plan.checks` alone."""
