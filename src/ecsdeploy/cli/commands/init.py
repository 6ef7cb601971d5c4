"""`ecs-deploy init`: settings and a CI job for a live service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import without_verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.starter.files import StarterFile
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.starter import Starter, StarterRequest

_OPTIONS = (
    Option(
        key="ci",
        is_setting=False,
        group=Group.SUBJECT,
        names=("--ci",),
        metavar="github|gitlab",
        help="Also write the job of this CI system (the settings alone).",
    ),
    *(option for option in without_verdict() if option.key != "record"),
    Option(
        key="container",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--container",),
        metavar="NAME",
        help="The container whose image the job releases (the only one, else the only essential one).",
    ),
    Option(key="dry_run", names=("--dry-run",), help="Print the files, and write none."),
    Option(key="overwrite", is_setting=False, names=("--overwrite",), help="Replace files that are there."),
    Option(key="output", names=("--output",), metavar="lines|json", help="The paths of the files, or one JSON object."),
)
_HELP = """Write the settings of a live service into ecs-deploy.toml, and with --ci the job of a CI system that releases
it: with a role through OpenID Connect, and no stored key. What you must change is marked CHANGE. It only reads AWS, and
replaces no file unless --overwrite is given.

\b
For example:
  ecs-deploy init -c prod -n web --ci github
  ecs-deploy init -c prod -n web --ci gitlab --dry-run
"""
_NEEDS = {"EXPRESS": "express", "CODE_DEPLOY": "codedeploy"}
"""What `iam --for` needs besides, where ECS does not deploy the service alone."""
_UNEXPECTED = {
    "EXPRESS": "Express mode manages `{}`: a release goes through it, and it takes no size, strategy or circuit breaker"
    " from settings.",
    "CODE_DEPLOY": "CodeDeploy deploys `{}`, and ECS has no record of how long its releases take: set `timeout` to more"
    " than the deployment group shifts and waits, or a release that goes on is told as timed out.",
}


def _init(given: Given, environment: Environment) -> int:
    from ecsdeploy.api import looking
    from ecsdeploy.cli.access import access
    from ecsdeploy.cli.session.look import drawn_once
    from ecsdeploy.cli.session.tracing import connected, tracing
    from ecsdeploy.cli.showing import showing
    from ecsdeploy.cli.starter.files import CI, files, paths, refuse_existing, write
    from ecsdeploy.cli.words.values import word
    from ecsdeploy.engine.looking.starter import starter
    from ecsdeploy.model.asked import names_in
    from ecsdeploy.render.clean import cleaned

    request, ci = _request(given), word(given, "ci", tuple(CI))
    writes, overwrite = not given.has("dry_run"), given.has("overwrite")
    if writes and not overwrite:
        refuse_existing(paths(ci), environment.cwd)
    environment.secrets.spare(names_in(request))
    aimed, shown = access(given, environment), showing(drawn_once(given), environment)
    with tracing(shown, environment) as trace:
        run = looking.between_releases(connected(aimed, environment, trace), request.service)
        found = cleaned(starter(run, request), environment.secrets)
    made = files(found, ci)
    if writes:
        write(made, environment.cwd, overwrite=overwrite)
    _show(made, found, environment, as_json=shown.output == "json", written=writes)
    _tell(found, environment, ci=ci, written=writes)
    return ExitCode.SUCCEEDED


def _request(given: Given) -> StarterRequest:
    from ecsdeploy.cli.requests import check_names, service_ref
    from ecsdeploy.model.starter import StarterRequest

    check_names(given)
    return StarterRequest(
        service=service_ref(given), container=given.text("container"), expect_account=given.text("expect_account")
    )


def _show(
    made: Sequence[StarterFile], found: Starter, environment: Environment, *, as_json: bool, written: bool
) -> None:
    if as_json:
        from ecsdeploy.render.objects import object_of

        environment.show(object_of("init", found.at, found.place, files=made, written=written))
    else:
        environment.show("\n".join(each.path if written else f"--- {each.path}\n{each.text}" for each in made))


def _tell(found: Starter, environment: Environment, *, ci: str, written: bool) -> None:
    """Say what could not be read, and what is left to do."""
    from ecsdeploy.cli.words.settings import find_file

    for each in found.unread:
        environment.tell(f"Not read: {each}.")
    above = find_file(environment.cwd.resolve().parent)
    if written and above:
        environment.tell(f"`{above}` no longer counts in this folder: the nearest file does.")
    root = next((each for each in environment.cwd.resolve().parents if (each / ".git").exists()), None)
    if written and ci and root and not (environment.cwd / ".git").exists():
        environment.tell(f"The CI system reads its file in the root of the repository alone: move it to `{root}`.")
    if found.deployer in _UNEXPECTED:
        environment.tell(_UNEXPECTED[found.deployer].format(found.place.service))
    if written and ci:
        place = found.place
        needs = ",".join(filter(None, ("deploy", "rollback", _NEEDS.get(found.deployer))))
        policy = f"ecs-deploy iam --for {needs} -c {place.cluster} -n {place.service} --region {place.region}"
        environment.tell(
            f"Next: see each CHANGE; put the tool into `tools/ecs-deploy` (docs/how-to/install.md); make the role, with"
            f" what `{policy} --expect-account {place.account}` prints."
        )


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_init)
