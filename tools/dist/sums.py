"""`SHA256SUMS`, as `sha256sum --check` reads it."""

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write(dist: Path) -> None:
    (dist / NAME).write_text(sums(dist), encoding="ascii")


def sums(dist: Path) -> str:
    """One line for each file but the list itself, by name."""
    files = sorted(each for each in dist.iterdir() if each.is_file() and each.name != NAME)
    return "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files)
