"""Where a code is explained: causes are `E-...`, checks `C-...`, warnings `W-...`."""

from __future__ import annotations

_PAGES = {"E-": "causes", "C-": "checks", "W-": "warnings"}


def anchor(code: str) -> str:
    """The id of the code's row in its page; it never changes."""
    return code.lower()


def read_at(code: str) -> str:
    """The code's place in our documentation, as `docs/reference/causes.md#e-container-exit`; empty for another text."""
    page = _PAGES.get(code[:2])
    return f"docs/reference/{page}.md#{anchor(code)}" if page else ""
