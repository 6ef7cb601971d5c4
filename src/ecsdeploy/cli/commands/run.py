"""`ecs-deploy run`: one-off tasks, as those of a service or of a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands, released
from ecsdeploy.cli.options.definition import EDITS
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import on_a_service
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.edits import Edit

_MOST_TASKS = 10
"""RunTask starts no more in one call."""
_OPTIONS = (
    *(option for option in on_a_service("image", "tag", *EDITS) if option.key != "service"),
    Option(
        key="like_service",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--like-service",),
        metavar="NAME",
        help="Run the revision of this service, in its network and with its launch type.",
    ),
    Option(
        key="family",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--family",),
        metavar="FAMILY[:N]",
        help="Run the newest revision of this family, or revision N.",
    ),
    Option(
        key="container",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--container",),
        metavar="NAME",
        help="Which container WORDS and the edits are for (the only one, else the only essential one).",
    ),
    Option(
        key="task_count",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--count",),
        metavar="N",
        help="How many tasks to run, 10 at most (1).",
    ),
    Option(
        key="subnets",
        is_of_one_run=True,
        group=Group.SERVICE,
        names=("--subnets",),
        metavar="ID,ID",
        help="The subnets of the tasks, in place of the service's.",
    ),
    Option(
        key="security_groups",
        is_of_one_run=True,
        group=Group.SERVICE,
        names=("--security-groups",),
        metavar="ID,ID",
        help="Their security groups.",
    ),
    Option(
        key="assign_public_ip",
        is_of_one_run=True,
        group=Group.SERVICE,
        names=("--assign-public-ip",),
        help="Give them public addresses.",
    ),
    Option(
        key="detach",
        group=Group.WATCHING,
        names=("--detach",),
        help="Only start them, and write their ARNs to stdout.",
    ),
    Option(
        key="propagate_exit_code",
        is_of_one_run=True,
        group=Group.WATCHING,
        names=("--propagate-exit-code",),
        help="If a task fails, exit with the code of its container, and not with 20.",
    ),
)
_HELP = """Run one-off tasks, show what they write, and wait until all have stopped. WORDS are the command of the
container; no shell reads them. Without edits that need a revision, such as --image, nothing is registered. The exit
code is 0 if all tasks succeed, and 20 if one fails. Ctrl-C asks whether to detach from the tasks or to stop them.

\b
For example:
  ecs-deploy run -c prod --like-service web -- ./manage.py migrate
  ecs-deploy run -c prod --family reports:12 --subnets subnet-1,subnet-2 --detach
"""
_LISTS = (("subnets", "subnets"), ("security_groups", "securityGroups"))
"""Our keys, and the members of `awsvpcConfiguration`:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html"""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.cli.words.values import whole_number
    from ecsdeploy.model.request import OnInterrupt, RunRequest

    requests.check_name(given, "cluster", "-c")
    _check_subject(given)
    asks = environment.can_ask and not given.has("no_input")
    request = RunRequest(
        cluster=given.text("cluster"),
        like=given.text("like_service"),
        family=given.text("family"),
        command=given.texts("operands"),
        container=given.text("container"),
        edits=_edits(given, environment),
        network=_network(given),
        count=whole_number(given, "task_count", minimum=1, maximum=_MOST_TASKS, what="a number of tasks") or 1,
        detach=given.has("detach"),
        budget=requests.budget(given),
        on_interrupt=OnInterrupt.ASK if asks else OnInterrupt.DETACH,
        expect_account=given.text("expect_account"),
    )
    asked = requests.invocation(given, environment, request)
    return replace(asked, propagates_exit=given.has("propagate_exit_code"))


def _check_subject(given: Given) -> None:
    like, family = given.has("like_service"), given.has("family")
    if like == family:
        told = "`--like-service` and `--family` both say what to run" if like else "It is not said what to run"
        raise UsageError(f"{told}.", hint="Give one of `--like-service NAME` and `--family FAMILY[:N]`.")
    if given.has("detach") and given.has("propagate_exit_code"):
        raise UsageError(
            f"{given.origin('propagate_exit_code')} waits for the tasks, and {given.origin('detach')} does not.",
            hint="Give one of them.",
        )


def _edits(given: Given, environment: Environment) -> tuple[Edit, ...]:
    """The edits, those that name no container for the one of `--container`."""
    from ecsdeploy.cli import requests
    from ecsdeploy.cli.words.images import command_edits
    from ecsdeploy.model.edits import in_container

    if given.has("image") and given.has("tag"):
        raise UsageError("`--image` and `--tag` both say what to run.", hint="Give one of them.")
    if given.texts("operands") and given.texts("command"):
        raise UsageError(
            f"{given.origin('command')} and the words after `--` both give a command.", hint="Give one of them."
        )
    edits = (*command_edits(given), *requests.edits(given, environment))
    return in_container(edits, given.text("container"))


def _network(given: Given) -> Mapping[str, object]:
    """What is said of the network, as members of `awsvpcConfiguration`."""
    public = {"assignPublicIp": "ENABLED"} if given.has("assign_public_ip") else {}
    return {**{member: _names(given, key) for key, member in _LISTS if given.has(key)}, **public}


def _names(given: Given, key: str) -> list[str]:
    names = [each.strip() for each in given.text(key).split(",")]
    if not all(names):
        raise UsageError(f"{given.origin(key)} has an empty name.", hint="Write it as `ID,ID`.")
    return names


_WORDS = Operands("[-- WORDS...]", tuple, after_dashes=True)
COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand), operands=_WORDS)
