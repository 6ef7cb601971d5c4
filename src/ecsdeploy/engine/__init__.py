"""Carries out a run: order, time and threads. It leaves the decisions to the pure packages. Imported by `api` only."""
