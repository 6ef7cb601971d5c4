"""What should happen to many services that are released as one. Pure: `engine.fleet` imports it, and carries it out."""
