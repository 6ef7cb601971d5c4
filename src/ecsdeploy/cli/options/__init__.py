"""What options there are: the flag form and every command choose from here. Imported by `cli` only."""
