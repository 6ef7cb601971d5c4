"""What ECS's neighbours say of what the world owns. Imported by `sim` only."""
