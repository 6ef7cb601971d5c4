"""What ECS takes and what it refuses, before anything is changed. Imported by `sim` only."""
