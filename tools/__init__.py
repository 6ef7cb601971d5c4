"""What the project's own make targets run; no part of the distribution."""
