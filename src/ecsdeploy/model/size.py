"""The size of a task, `cpu` and `memory`, as the number that ECS keeps."""

from __future__ import annotations

import re

_QUANTITY = re.compile(r"\s*(\d+|\d*\.\d+)\s*(vCPU|GB)?\s*", re.IGNORECASE)


def units(value: object) -> int | None:
    """`256`, `"1 vCPU"`, `".5 gb"` as CPU units or MiB; None for what only ECS can judge.

    ECS turns the text into this number when it registers the definition:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
    """
    match = _QUANTITY.fullmatch(str(value))
    if match is None:
        return None
    return round(float(match[1]) * (1024 if match[2] else 1))


def as_kept(member: str, value: object) -> object:
    """A member of a task definition with its size as ECS keeps it: `"1024"` for a `cpu` of `"1 vCPU"`."""
    number = units(value) if member in ("cpu", "memory") else None
    return str(number) if number else value
