"""A page about a run, of its JSON lines alone. Imported by `cli`; its doors are `page` and `kept`."""
