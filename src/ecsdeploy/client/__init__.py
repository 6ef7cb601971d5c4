"""What a Python user calls. Imported by the root of the package, and by no other part of it.

`connecting` has `connect` and what can be asked; `running` the iterator of a run's events.
"""
