"""How ECS's replies show things, and how a request finds them. Imported by `sim` only."""
