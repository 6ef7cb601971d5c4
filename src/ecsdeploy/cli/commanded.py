"""The commands on a service: their options, from whichever place they came, as requests."""

from __future__ import annotations

from ecsdeploy.cli import meaning
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import Form
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.images import command_edits
from ecsdeploy.cli.meaning import Invocation
from ecsdeploy.cli.values import duration, moment
from ecsdeploy.cli.variables import KEYS, variable_edits
from ecsdeploy.errors import UsageError
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.request import (
    ContinueRequest,
    DeployRequest,
    IfBusy,
    Request,
    RollbackRequest,
    Secret,
    Target,
    WatchRequest,
    WholeBudget,
)
from ecsdeploy.model.values import replace

DEFAULT_TIMEOUT, DEFAULT_START = 15 * 60.0, 60.0
_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


def understand(given: Given, environment: Environment) -> Invocation:
    """`deploy`. Every check that needs no AWS is made here; nothing is contacted."""
    check_names(given)
    _check_edits(given)
    return replace(_invocation(given, environment, _request(given, environment)), dry_run=given.has("dry_run"))


def understand_plan(given: Given, environment: Environment) -> Invocation:
    """`plan`: a deploy that is not executed."""
    return replace(understand(given, environment), dry_run=True, changes_exit=given.has("exit_code"))


def understand_watch(given: Given, environment: Environment) -> Invocation:
    check_names(given)
    _check_watched(given)
    request = WatchRequest(
        service=meaning.service_ref(given),
        deployment=given.text("deployment"),
        revision=given.text("revision"),
        since=moment(given, "since"),
        start_seconds=duration(given, "wait_for_start", DEFAULT_START),
        expect_account=given.text("expect_account"),
        budget=_budget(given),
        wait_until=meaning.wait_until(given),
        fail_fast=meaning.fail_fast(given),
    )
    return _invocation(given, environment, request)


def understand_rollback(given: Given, environment: Environment) -> Invocation:
    check_names(given)
    request = RollbackRequest(
        service=meaning.service_ref(given),
        to=given.text("to"),
        budget=_budget(given),
        preflight=not given.has("no_preflight"),
        expect_account=given.text("expect_account"),
    )
    return replace(_invocation(given, environment, request), dry_run=given.has("dry_run"))


def understand_stop(given: Given, environment: Environment) -> Invocation:
    check_names(given)
    request = RollbackRequest(
        service=meaning.service_ref(given),
        only_running=True,
        budget=_budget(given),
        expect_account=given.text("expect_account"),
    )
    return _invocation(given, environment, request)


def understand_continue(given: Given, environment: Environment) -> Invocation:
    check_names(given)
    request = ContinueRequest(
        service=meaning.service_ref(given),
        hook=given.text("hook"),
        rollback=given.has("rollback"),
        expect_account=given.text("expect_account"),
        budget=_budget(given),
        wait_until=meaning.wait_until(given),
    )
    return _invocation(given, environment, request)


def _invocation(given: Given, environment: Environment, request: Request) -> Invocation:
    return Invocation(
        form=Form.COMMANDS,
        showing=meaning.showing(given, environment),
        request=request,
        target=target(given, environment),
    )


def _budget(given: Given) -> WholeBudget:
    return WholeBudget(seconds=duration(given, "timeout", DEFAULT_TIMEOUT))


def check_names(given: Given) -> None:
    """A command on a service needs both of its names."""
    for key, name in (("service", "-n"), ("cluster", "-c")):
        check_name(given, key, name)


def check_name(given: Given, key: str, name: str) -> None:
    if not given.has(key):
        raise UsageError(f"No {key} is named.", hint=f"Name it with `{name}`.")


def _check_watched(given: Given) -> None:
    """One deployment is named, or one that fits is looked for."""
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
    family, number = split_revision(given.text("revision"))
    if given.has("revision") and not (family and number):
        raise UsageError(
            f"{given.origin('revision')} must be one revision, not `{given.text('revision')}`.",
            hint="Write it as `FAMILY:N`, or as its ARN.",
        )


def _check_edits(given: Given) -> None:
    # What a variable left empty was meant as an image, or as an edit.
    asked = {"image": given.texts("image"), "tag": given.text("tag"), "base": given.text("base")}
    edits = [key for key, text in (*asked.items(), *((key, given.texts(key)) for key in KEYS)) if text]
    if {"image", "tag"} <= {*edits}:
        raise UsageError("`--image` and `--tag` both say what to deploy.", hint="Give one of them.")
    if given.has("force_new_deployment") and edits:
        raise UsageError(
            f"`--force-new-deployment` deploys the revision in use as it is, and {given.origin(edits[0])} changes it.",
            hint="Give one of them.",
        )
    if not (edits or given.has("revision") or given.has("force_new_deployment")):
        raise UsageError(
            "Nothing to deploy is named.",
            hint="Give `--image`, `--tag`, `--base`, `--env`, `--secret`, `--revision` or `--force-new-deployment`.",
        )


def _request(given: Given, environment: Environment) -> DeployRequest:
    asked = DeployRequest(
        service=meaning.service_ref(given),
        sizing=meaning.sizing(given, environment),
        volumes_path=given.text("volume_configurations"),
        codedeploy=meaning.codedeploy(given, environment),
        base=meaning.base(given, environment),
        edits=(*command_edits(given), *variable_edits(given, environment.cwd)),
        revision=meaning.revision(given),
        force=given.has("force_new_deployment"),
        copy_tags=given.has("copy_task_definition_tags"),
        budget=_budget(given),
        wait_until=meaning.wait_until(given),
        on_failure=meaning.on_failure(given),
        keep=meaning.keep(given),
        show_values=given.has("show_values"),
    )
    return meaning.conduct(asked, given, environment, IfBusy.FAIL)


def target(given: Given, environment: Environment) -> Target:
    """Which AWS, and as whom."""
    return Target(
        region=meaning.region(given, environment, _REGION_VARIABLES),
        profile=given.text("profile"),
        assume_role=meaning.assumed_role(given),
        external_id=Secret(given.text("external_id")) if given.has("external_id") else None,
        endpoint_url=meaning.endpoint_url(given),
    )
