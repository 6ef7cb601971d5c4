"""The simulator's own page, which shows the world as it moves. Imported by `sim.server` only."""
