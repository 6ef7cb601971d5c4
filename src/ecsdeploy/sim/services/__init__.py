"""ECS's operations, a module for each group. Each module maps names of operations to functions. Imported by `sim`
only.
"""
