"""The flag form: the bash script's words, help and order of checks. Imported by `cli` only."""
