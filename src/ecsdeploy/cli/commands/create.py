"""`ecs-deploy create`: a new service, from a file of CreateService's members and a task definition's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.definition import EDITS
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import on_a_service
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.arn import ServiceRef

_SHARED = ("image", "tag", *EDITS, "tag_revision", "provenance", "dry_run", "detach", "wait_until", "no_fail_fast")
_OPTIONS = (
    Option(
        key="service_file",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--service-file",),
        metavar="FILE",
        help="The members of CreateService, as JSON; the name and the cluster are those of -n and -c.",
    ),
    Option(
        key="file_base",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--base",),
        metavar="FILE",
        help="The task definition, as JSON.",
    ),
    *on_a_service(*_SHARED),
)
_HELP = """Register the task definition of a file with the edits, create the service, and follow its first deployment
to its verdict, as `deploy` does. A service that exists is refused, and nothing is changed.

\b
For example:
  ecs-deploy create -c prod -n web --service-file service.json --base definition.json --tag 7
"""

_OURS = ("cluster", "serviceName", "taskDefinition", "clientToken")
"""What the command line says, or the command finds."""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.cli.words.images import command_edits
    from ecsdeploy.model.request import DeployRequest
    from ecsdeploy.model.values import replace

    requests.check_names(given)
    for key, option in (("service_file", "--service-file"), ("file_base", "--base")):
        if not given.has(key):
            raise UsageError(f"`{option} FILE` is missing.", hint="A service is created from two files.")
    ref = requests.service_ref(given)
    request = DeployRequest(
        service=ref,
        base=requests.file_base(given.text("file_base"), given, environment),
        creates=_members(given.text("service_file"), environment.cwd, ref),
        edits=(*command_edits(given), *requests.edits(given, environment)),
        tags=requests.tags(given, environment),
        budget=requests.budget(given),
        wait_until=requests.wait_until(given),
        fail_fast=not given.has("no_fail_fast"),
        expect_account=given.text("expect_account"),
    )
    return replace(requests.invocation(given, environment, request), dry_run=given.has("dry_run"))


def _members(name: str, cwd: Path, ref: ServiceRef) -> Mapping[str, object]:
    """The members of the service. Raises a `UsageError` if the file is about another service than `ref`."""
    from functools import partial
    from typing import cast

    from ecsdeploy.cli.files.reading import json_of
    from ecsdeploy.model.arn import short_name
    from ecsdeploy.model.taskdef import without_nulls

    wrong = partial(_wrong, name)
    found = json_of(cwd / name, wrong)
    if not isinstance(found, dict):
        raise wrong("holds no JSON object", "It is `{...}` with the members of CreateService.")
    members = cast("dict[str, object]", without_nulls(found))
    for member, asked, option in (("cluster", ref.short_cluster, "-c"), ("serviceName", ref.short_name, "-n")):
        named = members.get(member) or asked
        if not isinstance(named, str) or short_name(named) != asked:
            raise wrong(f"has another `{member}` than `{option}` names", "Take it out of the file.")
    counts = members.get("schedulingStrategy") != "DAEMON"
    if counts and "desiredCount" not in members:
        raise wrong("has no `desiredCount`", "ECS asks how many tasks to run.")
    return {key: member for key, member in members.items() if key not in _OURS}


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The service file `{name}` {what}.", hint=hint)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand))
