"""How what exists looks in ECS's replies, and how a request finds it. Imported by `sim` only."""
