"""Reads what `lock` has written, and gives a service the revision that stands there in place of its own edits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecsdeploy.cli.files.reading import json_of
from ecsdeploy.cli.options.option import Group
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.arn import short_name

_MADE_ANEW = (Group.IMAGE, Group.VARIABLES, Group.PARTS)
_DROPPED = frozenset(
    {each.key for each in SHARED if each.group in _MADE_ANEW} | {"force_new_deployment", "before", "after"}
)
"""What would make another revision, or run a task that was run when this one was released."""


class Locked:
    """The file of a lock: the revision of each service."""

    def __init__(self, name: str, services: Mapping[str, Mapping[str, str]]) -> None:
        self._name, self._services = name, services

    def options(self, name: str, own: Given) -> Given:
        """The options of the service, with the locked revision. Raises a `UsageError` if the file is of another."""
        found = self._services.get(name)
        if found is None:
            raise UsageError(
                f"`{self._name}` has no service `{name}`.", hint="Leave it out with `--only`, or lock it too."
            )
        meant = {"cluster": short_name(own.text("cluster")), "service": short_name(own.text("service") or name)}
        for key, text in meant.items():
            if found[key] != text:
                said = f"`{self._name}` has the {key} `{found[key]}` for `{name}`, and the manifest `{text}`."
                raise UsageError(said, hint="Lock the services of this manifest again.")
        kept = {key: texts for key, texts in own.values.items() if key not in _DROPPED}
        return Given({**kept, "revision": (found["revision"],)}, own.origins)


def read_lock(name: str, cwd: Path) -> Locked:
    """The lock in the file. Raises a `UsageError`."""

    def wrong(what: str, hint: str = "", /) -> UsageError:
        return UsageError(f"The lock `{name}` {what}.", hint=hint or "`ecs-deploy lock MANIFEST -o FILE` writes one.")

    held = json_of(cwd / name, wrong)
    services = held.get("services") if isinstance(held, dict) and held.get("type") == "lock" else None
    if not isinstance(services, dict) or not all(map(_is_entry, services.values())):
        raise wrong("is none that `lock` has written")
    return Locked(name, services)


def _is_entry(held: object) -> bool:
    keys = ("cluster", "service", "revision")
    return isinstance(held, dict) and all(isinstance(held.get(key), str) for key in keys)
