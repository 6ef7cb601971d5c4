"""Events to text. Imported by `cli` and `api`; knows nothing of the engine."""
