"""What should happen to many services that are released as one. Pure: it decides, and `engine.fleet` carries it out."""
