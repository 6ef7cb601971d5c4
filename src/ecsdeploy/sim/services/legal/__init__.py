"""What ECS refuses before it changes anything. Imported by `sim` only."""
