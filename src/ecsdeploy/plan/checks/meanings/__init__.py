"""The texts of the checks' findings, a table for each group of checks. Imported by `plan.checks` alone."""
