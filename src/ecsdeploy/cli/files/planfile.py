"""Writes the file of `plan --out`, and reads that of `deploy --plan`.

The file is one JSON object, which holds no value that may be a secret: `v` and `type`; `key`, with which its
fingerprints are made; `marks`, a fingerprint for each part of the plan; `options`, those of the command line that hold
no plain values; `again`, those that must be given again; `planned`, the plan as `--output json` tells it.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TypeGuard

from ecsdeploy.cli.files.reading import json_of
from ecsdeploy.cli.options.option import Group
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import Refused, UsageError
from ecsdeploy.model.difference import Agreed
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.request import FromRunning
from ecsdeploy.model.steps import Plan, Register
from ecsdeploy.model.values import value
from ecsdeploy.plan.agreed import marks

_KEPT = frozenset(
    {
        "cluster",
        "service",
        "region",
        "image",
        "tag",
        "revision",
        "copy_task_definition_tags",
        "no_copy_task_definition_tags",
        "pin_digest",
        "provenance",
        "cpu",
        "memory",
        "task_cpu",
        "task_memory",
        "desired_count",
        "min",
        "max",
        "strategy",
        "bake_time",
        "circuit_breaker",
        "alarms",
        "managed_tags",
        "propagate_tags",
        "force_new_deployment",
        "wait_until",
    }
)
"""The options that the file repeats: images, revisions, sizes and switches. Others are given again."""
_CHANGES = (Group.IMAGE, Group.VARIABLES, Group.PARTS, Group.SERVICE, Group.CODEDEPLOY)
_NAMES = {option.key: option.of_commands for option in OPTIONS}
_KEY = re.compile("[0-9a-f]{32}")


@value(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """Where a plan is written to. `told` collects what `--output json` would tell of it."""

    path: Path
    name: str
    given: Given
    key: str
    told: io.StringIO = field(default_factory=io.StringIO)

    def write(self, plan: Plan, place: Place) -> None:
        """Write the file, for its owner alone, in place of an older one.

        `Refused` for a plan that does not say what changes.
        """
        if not plan.compared and any(isinstance(step, Register) for step in plan.steps):
            raise Refused(
                "The revision that runs could not be read, so the plan does not say what changes.",
                hint=f"`{self.name}` was not written; try again.",
            )
        events = [json.loads(line) for line in self.told.getvalue().splitlines()]
        planned = next(each for each in reversed(events) if each["type"] == "planned")
        kept, again = _split(self.given)
        content = {
            "v": 1,
            "type": "plan",
            "key": self.key,
            "marks": marks(plan, place, self.key),
            "options": kept,
            "again": again,
            "planned": planned,
        }
        try:
            _replace(self.path, json.dumps(content, indent=2) + "\n")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise UsageError(f"The file of `--out`, `{self.name}`, cannot be written: {why}.") from None


def _split(given: Given) -> tuple[dict[str, list[str]], list[str]]:
    """The options to repeat, and the keys of those that the file does not hold."""
    kept, again = {}, []
    for option in OPTIONS:
        texts = [text for text in given.texts(option.key) if text]
        if texts and _holds_no_value(option.key, texts):
            kept[option.key] = texts
        elif texts and (option.group in _CHANGES or option.key == "before"):
            again.append(option.key)
    return kept, again


def _holds_no_value(key: str, texts: list[str]) -> bool:
    """`--base` may name a file, whose content the plan does not hold."""
    return texts[-1] in tuple(FromRunning) if key == "base" else key in _KEPT


def _replace(path: Path, text: str) -> None:
    """Put a new file in place of an old one at once, so that no reader sees a part of it."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@value(frozen=True, slots=True, kw_only=True)
class ReadPlan:
    """A plan that was read from a file: what the release is held to, the options, and those to be given again."""

    agreed: Agreed
    options: Mapping[str, list[str]]
    again: tuple[str, ...]

    def completed(self, given: Given) -> Given:
        """The options, completed by those of the plan. `UsageError` for one that must be given again, and is not."""
        lacking = [f"`{_NAMES[key]}`" for key in self.again if not given.texts(key)]
        if lacking:
            raise UsageError(
                f"The plan of `--plan` was made with {', '.join(lacking)}, and the file does not hold what it said.",
                hint="Give the same again.",
            )
        filled = {key: tuple(texts) for key, texts in self.options.items() if not given.texts(key)}
        origins = {key: f"`{_NAMES[key]}` of the plan" for key in filled}
        return Given({**given.values, **filled}, {**given.origins, **origins})


def read_plan(name: str, cwd: Path) -> ReadPlan:
    """The plan in the file. A `UsageError` says in one sentence why it is none."""
    wrong = partial(_wrong, name)
    content = json_of(cwd / name, wrong)
    if not isinstance(content, dict) or content.get("type") != "plan":
        raise wrong("is no plan", "`ecs-deploy plan --out FILE` writes one.")
    if content.get("v") != 1:
        raise wrong("was written by another version of ecs-deploy", "Make the plan with this one.")
    key, told, options, again = (content.get(member) for member in ("key", "marks", "options", "again"))
    if not (_is_key(key) and _are_marks(told) and _are_options(options) and _are_names(again)):
        raise wrong("is not as it was written", "Make the plan again.")
    return ReadPlan(agreed=Agreed(key=key, marks=told), options=options, again=tuple(again))


def _is_key(key: object) -> TypeGuard[str]:
    return isinstance(key, str) and bool(_KEY.fullmatch(key))


def _are_names(again: object) -> TypeGuard[list[str]]:
    return isinstance(again, list) and all(isinstance(each, str) and each in _NAMES for each in again)


def _are_marks(told: object) -> TypeGuard[dict[str, str]]:
    return isinstance(told, dict) and bool(told) and all(isinstance(each, str) for each in told.values())


def _are_options(options: object) -> TypeGuard[dict[str, list[str]]]:
    return (
        isinstance(options, dict)
        and options.keys() <= {*_KEPT, "base"}
        and all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in options.values())
    )


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The file of `--plan`, `{name}`, {what}.", hint=hint)
