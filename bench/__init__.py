"""What the tool costs, measured beside its bounds; no part of the distribution. Only its own tests import it."""
