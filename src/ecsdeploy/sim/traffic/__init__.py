"""Who gets requests, and what watches it: load balancers, their checks, and alarms. Imported by `sim` only."""
