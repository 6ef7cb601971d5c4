"""Deployments that shift traffic: BLUE_GREEN, LINEAR and CANARY. Imported by `sim` only."""
