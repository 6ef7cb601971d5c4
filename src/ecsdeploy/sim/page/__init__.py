"""The page of the simulator, which shows the world as it moves. Imported by `sim.server` only."""
