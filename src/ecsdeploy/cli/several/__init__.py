"""Several services on one command line: which they are, what is done with each, and how that is shown.

Imported by `cli` only.
"""
