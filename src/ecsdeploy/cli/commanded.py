"""The new grammar's `deploy`: its options, from whichever place they came, as a request."""

from ecsdeploy.cli import meaning
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import Form
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.images import command_edits
from ecsdeploy.cli.meaning import Invocation
from ecsdeploy.cli.values import duration
from ecsdeploy.errors import UsageError
from ecsdeploy.model.request import DeployRequest, IfBusy, Secret, Target, WholeBudget

DEFAULT_TIMEOUT = 15 * 60.0
_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


def understand(given: Given, environment: Environment) -> Invocation:
    """Every check that needs no AWS; nothing is contacted."""
    _check(given)
    return Invocation(
        form=Form.COMMANDS,
        showing=meaning.showing(given),
        request=_request(given, environment),
        target=_target(given, environment),
        dry_run=given.has("dry_run"),
    )


def _check(given: Given) -> None:
    for key, name in (("service", "-n"), ("cluster", "-c")):
        if not given.has(key):
            raise UsageError(f"No {key} is named.", hint=f"Name it with `{name}`.")
    # An image that a variable left empty was meant as one.
    edits = [key for key in ("image", "tag", "base") if given.has(key) or (key == "image" and given.texts(key))]
    if {"image", "tag"} <= {*edits}:
        raise UsageError("`--image` and `--tag` both say what to deploy.", hint="Give one of them.")
    if given.has("force_new_deployment") and edits:
        raise UsageError(
            f"`--force-new-deployment` deploys the revision in use as it is, and {given.origin(edits[0])} changes it.",
            hint="Give one of them.",
        )
    if not (edits or given.has("force_new_deployment")):
        raise UsageError(
            "Nothing to deploy is named.", hint="Give `--image`, `--tag`, `--base` or `--force-new-deployment`."
        )


def _request(given: Given, environment: Environment) -> DeployRequest:
    asked = DeployRequest(
        service=meaning.service_ref(given),
        sizing=meaning.sizing(given),
        base=meaning.base(given, environment),
        edits=command_edits(given),
        force=given.has("force_new_deployment"),
        copy_tags=given.has("copy_task_definition_tags"),
        budget=WholeBudget(seconds=duration(given, "timeout", DEFAULT_TIMEOUT)),
        wait_until=meaning.wait_until(given),
        on_failure=meaning.on_failure(given),
        keep=meaning.keep(given),
    )
    return meaning.conduct(asked, given, IfBusy.FAIL)


def _target(given: Given, environment: Environment) -> Target:
    return Target(
        region=meaning.region(given, environment, _REGION_VARIABLES),
        profile=given.text("profile"),
        assume_role=meaning.assumed_role(given),
        external_id=Secret(given.text("external_id")) if given.has("external_id") else None,
        endpoint_url=meaning.endpoint_url(given),
    )
