"""What the rest of a world stands on: it knows of no service, and all of the simulator may import it."""
