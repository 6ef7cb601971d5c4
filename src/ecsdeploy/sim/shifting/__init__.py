"""Deployments that shift traffic, step by step. Imported by `sim` only."""
