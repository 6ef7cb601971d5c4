"""What goes with the options that deploy an existing revision, and what has no effect beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.options.definition import EDITS
from ecsdeploy.cli.options.service import OF_DEPLOYMENT
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.tags import provenance
from ecsdeploy.errors import UsageError
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.request import WaitUntil

_BASES = ("base", "file_base", "latest_base")


def check_existing(given: Given) -> None:
    """Raise a `UsageError` if `--revision` stands beside what asks for a new one, or a forced one beside a change."""
    others = [key for key in ("image", "tag", *EDITS, *_BASES, "task_definition") if given.texts(key)]
    if given.text("revision") and (others or given.text("wait_until") == WaitUntil.REGISTERED):
        other = given.origin(others[0] if others else "wait_until")
        raise UsageError(
            f"{given.origin('revision')} deploys a revision as it is, and {other} asks for a new one.",
            hint="Give one of them.",
        )
    check_one_revision(given)
    if given.has("force_new_deployment"):
        _check_forced(given)


def check_one_revision(given: Given) -> None:
    """Raise a `UsageError` if `--revision` names no number: a family alone is whatever somebody registered last."""
    text = given.text("revision")
    if text and not all(split_revision(text)):
        raise UsageError(
            f"{given.origin('revision')} must be one revision, not `{text}`.",
            hint="Write it as `FAMILY:N`, or as its ARN.",
        )


def _check_forced(given: Given) -> None:
    if given.has("revision") and given.has("desired_count"):
        other, what = "desired_count", "the number of tasks"
    elif given.has("volume_configurations"):
        other, what = "volume_configurations", "the volumes"
    elif changed := [key for key in OF_DEPLOYMENT if given.has(key)]:
        other, what = changed[0], "the deployment configuration"
    else:
        return
    raise UsageError(
        f"{given.origin('force_new_deployment')} changes nothing but the revision, and {given.origin(other)} {what}.",
        hint="Give one of them.",
    )


def tagging_without_effect(given: Given, environment: Environment, of_new: Sequence[str]) -> Iterator[str]:
    """The warning about options for a new revision (`of_new`) that have no effect in this run."""
    existing = next(filter(given.has, ("force_new_deployment", "revision")), "")
    asked = [given.origin(key) for key in of_new if given.texts(key)] if existing else []
    if asked:
        yield f"Warning: {given.origin(existing)} makes no new revision, and without effect are: {', '.join(asked)}."
    elif given.has("provenance") and not provenance(environment.variables):
        yield f"Warning: {given.origin('provenance')} finds no CI system that it knows, and adds no tag."
