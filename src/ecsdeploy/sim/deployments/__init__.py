"""What ECS's scheduler does to bring a service where it is to be. Imported by `sim` only."""
