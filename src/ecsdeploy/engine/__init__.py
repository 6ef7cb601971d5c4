"""The shell: owns order, time and threads, and decides nothing. Imported by `api` only."""
