"""`ecs-deploy watch`: follow a deployment that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.several import of_several
from ecsdeploy.cli.options.table import on_a_service
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

_START_SECONDS = 60.0
_OPTIONS = (
    *of_several(on_a_service("wait_until", "fail_fast", "no_fail_fast")),
    Option(
        key="deployment",
        is_of_one_run=True,
        names=("--deployment",),
        metavar="ID",
        help="Which deployment (the newest one).",
    ),
    Option(
        key="revision",
        is_of_one_run=True,
        names=("--revision",),
        metavar="FAMILY:N",
        help="The newest deployment of this revision, whoever started it.",
    ),
    Option(
        key="since",
        is_of_one_run=True,
        names=("--since",),
        metavar="TIME",
        help="Only one that began after this, by AWS's clock: 10m ago, or 2026-01-31T12:00:00Z.",
    ),
    Option(
        key="wait_for_start",
        is_of_one_run=True,
        names=("--wait-for-start",),
        metavar="TIME",
        help="With `--revision` or `--since`: how long to wait for one to begin (60s).",
    ),
)
_HELP = """Follow a deployment that another process, or a colleague, started, and exit by its verdict as `deploy` does.
After `terraform apply`, `cdk deploy` or `aws ecs update-service`, name its revision; it may also have ended already.
`watch` writes nothing, and Ctrl-C leaves the deployment alone.

\b
For example:
  ecs-deploy watch -c prod -n web
  ecs-deploy watch -c prod -n web --revision web:142
  ecs-deploy watch -c prod -n web --since 10m --wait-for-start 5m
  ecs-deploy watch -c prod -n web --deployment ecs-svc/8123456789012345678 --timeout 30m
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.cli.words.values import duration, moment
    from ecsdeploy.model.request import WatchRequest

    requests.check_names(given)
    _check_watched(given)
    request = WatchRequest(
        service=requests.service_ref(given),
        deployment=given.text("deployment"),
        revision=given.text("revision"),
        since=moment(given, "since"),
        start_seconds=duration(given, "wait_for_start", _START_SECONDS),
        expect_account=given.text("expect_account"),
        budget=requests.budget(given),
        wait_until=requests.wait_until(given),
        fail_fast=requests.fail_fast(given),
    )
    return requests.invocation(given, environment, request)


def _check_watched(given: Given) -> None:
    """Raise a `UsageError` unless the options name one deployment, or say which one to look for."""
    from ecsdeploy.cli.existing import check_one_revision

    looked_for = [key for key in ("revision", "since") if given.has(key)]
    if given.has("deployment") and looked_for:
        raise UsageError(
            f"{given.origin('deployment')} names a deployment, and {given.origin(looked_for[0])} looks for one.",
            hint="Give one of them.",
        )
    if given.has("wait_for_start") and not looked_for:
        raise UsageError(
            f"{given.origin('wait_for_start')} does not say for which deployment to wait.",
            hint="Name its revision with `--revision`, or a time with `--since`.",
        )
    check_one_revision(given)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand))
