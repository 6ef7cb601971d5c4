"""Which exit code a run must end with, by its status: written by hand, as docs/reference/exit-codes.md has it."""

CODES = {
    "succeeded": 0,
    "unchanged": 0,
    "detached": 0,
    "failed": 20,
    "stopped": 20,
    "rolled_back": 21,
    "timed_out": 22,
    "superseded": 23,
    "unknown": 24,
    "rollback_failed": 25,
    "refused": 26,
    "busy": 27,
}
