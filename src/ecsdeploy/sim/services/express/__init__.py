"""Express services: what Express mode shows of them, and changes of them. Imported by `sim` only."""
