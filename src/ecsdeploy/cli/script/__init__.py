"""The flag form: the bash script's options, help and order of checks. Imported by `cli` only."""
