"""Load balancers, their health checks and their weights, and alarms. Imported by `sim` only."""
