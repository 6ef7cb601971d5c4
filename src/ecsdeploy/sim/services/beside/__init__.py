"""What other AWS services say about things that belong to the simulated world. Imported by `sim` only."""
