"""What ECS's scheduler does to bring a service to its desired state. Imported by `sim` only."""
