"""Turns the options for CodeDeploy into one wish, with the AppSpec read from its file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.files.reading import text_of
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.request import CodeDeployWish
from ecsdeploy.plan.codedeploy import keeps_appspec

_LONGEST = 512
"""The most characters that CodeDeploy takes in a description."""


def codedeploy_wish(given: Given, environment: Environment) -> CodeDeployWish:
    """What the options ask of CodeDeploy. Raises a `UsageError` if the AppSpec cannot be used."""
    return CodeDeployWish(
        application=given.text("codedeploy_application"),
        group=given.text("codedeploy_group"),
        appspec=_appspec(given.text("appspec"), environment.cwd) if given.has("appspec") else "",
        configuration=given.text("codedeploy_config"),
        description=given.text("codedeploy_description")[:_LONGEST],
    )


def _appspec(name: str, cwd: Path) -> str:
    text = text_of(cwd / name, partial(_wrong, name))
    if not text.strip() or not keeps_appspec(Route(application="", group="", appspec=text)):
        what = "names no task definition, or several"
        raise _wrong(name, what, "It needs one target, with the property `TaskDefinition`.")
    return text


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The AppSpec `{name}` {what}.", hint=hint)
