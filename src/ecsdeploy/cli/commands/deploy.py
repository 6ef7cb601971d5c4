"""`ecs-deploy deploy`: release to a service in the new grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.several import TOGETHER, of_several
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.difference import Agreed
    from ecsdeploy.model.request import DeployRequest

OPTIONS = (
    *of_several(SHARED),
    *TOGETHER,
    Option(
        key="plan",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--plan",),
        metavar="FILE",
        help="Execute the plan that `plan --out FILE` wrote, and nothing that differs from it.",
    ),
)
_HELP = """Register a new revision with another image, point the service at it, watch that very deployment, and
exit by its verdict.

It also reads every option from ECS_DEPLOY_<NAME> (ECS_DEPLOY_WAIT_UNTIL) and from the nearest ecs-deploy.toml
(wait-until = "healthy"), where --env-name chooses [env.NAME]. The command line wins.

\b
For example:
  ecs-deploy deploy -c prod -n web --image registry.example.com/team/web:2 --on-failure rollback
  ecs-deploy deploy -c prod -n web -n worker --canary web --image registry.example.com/team/app:7 --on-failure rollback
"""


def understand(given: Given, environment: Environment) -> Invocation:
    """The invocation. Raises a `UsageError` for what can be seen to be wrong without asking AWS."""
    from ecsdeploy.cli import requests
    from ecsdeploy.model.values import replace

    given, agreed = _agreed(given, environment) if given.has("plan") else (given, None)
    requests.check_names(given)
    _check_edits(given)
    asked = requests.invocation(given, environment, replace(_request(given, environment), agreed=agreed))
    return replace(asked, dry_run=given.has("dry_run"), notices=tuple(requests.without_effect(given, environment)))


def _agreed(given: Given, environment: Environment) -> tuple[Given, Agreed]:
    """The options, completed by those of the plan that `--plan` names, and what the release is held to."""
    from ecsdeploy.cli.files.planfile import read_plan

    plan = read_plan(given.text("plan"), environment.cwd)
    return plan.completed(given), plan.agreed


def _check_edits(given: Given) -> None:
    from ecsdeploy.cli.options.definition import EDITS

    # An option whose value a shell variable left empty was still meant as an image or an edit.
    asked = {"image": given.texts("image"), "tag": given.text("tag"), "base": given.text("base")}
    edits = [key for key, text in (*asked.items(), *((key, given.texts(key)) for key in EDITS)) if text]
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
            hint="Give an image (`--image`, `--tag`, `--base`), an edit such as `--env`, `--revision` or"
            " `--force-new-deployment`.",
        )


def _copies_tags(given: Given) -> bool:
    """Unless a setting says `false`, or the command line says not."""
    return given.texts("copy_task_definition_tags") != ("",) and not given.has("no_copy_task_definition_tags")


def _request(given: Given, environment: Environment) -> DeployRequest:
    from ecsdeploy.cli import requests
    from ecsdeploy.cli.words.images import command_edits
    from ecsdeploy.model.request import DeployRequest, IfBusy

    asked = DeployRequest(
        service=requests.service_ref(given),
        sizing=requests.sizing(given, environment),
        codedeploy=requests.codedeploy(given, environment),
        base=requests.base(given, environment),
        edits=(*command_edits(given), *requests.edits(given, environment)),
        revision=requests.revision(given),
        force=given.has("force_new_deployment"),
        before=requests.gate(given, "before"),
        after=requests.gate(given, "after"),
        gate=requests.pause_gate(given),
        copy_tags=_copies_tags(given),
        tags=requests.tags(given, environment),
        pin_digests=given.has("pin_digest"),
        budget=requests.budget(given),
        wait_until=requests.wait_until(given),
        on_failure=requests.on_failure(given),
        keep=requests.keep(given),
        show_values=given.has("show_values"),
    )
    return requests.conduct(asked, given, environment, IfBusy.FAIL)


COMMAND = Command(options=OPTIONS, help=_HELP, perform=released(understand))
