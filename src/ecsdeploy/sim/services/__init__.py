"""The operations, one module per group; each maps operation names to functions. Imported by `sim.world` only."""
