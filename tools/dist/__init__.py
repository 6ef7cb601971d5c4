"""Builds what people install, into `dist/`: byte by byte the same whenever the same commit is built again.

It needs the standard library alone; what builds is installed into `.venv-dist`. Imported by nothing but its tests.
"""
