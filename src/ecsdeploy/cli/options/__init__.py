"""All options, from which the flag form and every command choose. Imported by `cli` only."""
