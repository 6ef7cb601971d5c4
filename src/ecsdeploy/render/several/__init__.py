"""How a release of several services reads: each service as it reads alone, and what is about all of them.

Imported by `cli` only.
"""
