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
WORST_OF_SEVERAL = (25, 24, 20, 22, 23, 21, 27, 26, 130, 143, 129, 0)
"""Of several services released as one, the first of these that one of them has is the exit code of all."""
_INTERRUPTED = frozenset({129, 130, 143})
_FAILED_IN_FLAG_FORM = frozenset({1, 253, 254})


def is_right(status: str, code: int, *, flag_form: bool = False) -> bool:
    """Whether a run that ended so may have this exit code; the flag form has the codes of the script."""
    if status == "interrupted":
        return code in _INTERRUPTED
    right = CODES[status]
    return code in _FAILED_IN_FLAG_FORM if flag_form and right else code == right
