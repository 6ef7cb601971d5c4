"""HTML from nested calls.

Every text and attribute is escaped, unless it was made here.
"""

from __future__ import annotations

from html import escape

_VOID = frozenset({"meta", "link", "input", "br"})


class Markup(str):
    """Text that is HTML. Only `tag` and `join` make it."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: object) -> Markup:
    """One element. An attribute's name loses its last underscore; other underscores become hyphens.

    An attribute that is True has no value. One that is None or False is left out.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """The children one after the other. Markup stays as it is, other text is escaped."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
