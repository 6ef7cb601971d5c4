"""`ecs-deploy iam`: the least policy that chosen commands need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given

_PLACES = {
    "cluster": ("CLUSTER", r"[A-Za-z0-9_-]{1,255}"),
    "service": ("SERVICE", r"[A-Za-z0-9_-]{1,255}"),
    "region": ("REGION", r"[a-z0-9-]{1,32}"),
    "expect_account": ("ACCOUNT", r"[0-9]{12}"),
}
"""The options that fill places of a policy, and what may stand there: a `*` would give more than was asked for."""
_OPTIONS = (
    Option(
        key="for",
        is_setting=False,
        names=("--for",),
        metavar="NAMES",
        help="What the policy is for, separated by commas: `deploy,rollback`.",
    ),
    *(option for option in SHARED if option.key in _PLACES),
    VERSION,
)
_HELP = """Print the least IAM policy that commands need. It calls nobody.

--for takes the names of commands, and of features: `codedeploy` and `codedeploy-read` for services that CodeDeploy
deploys, `before`, `after` and `run-task` for one-off tasks, `cluster-status`, `assume-role`. What the command line does
not give stands in capitals: ACCOUNT, FAMILY and others, which stderr names.

\b
For example:
  ecs-deploy iam --for deploy,rollback -c prod -n web --region eu-west-1 --expect-account 111122223333
"""


def _iam(given: Given, environment: Environment) -> int:
    import json

    from ecsdeploy.cli.policies import NEEDS, policy
    from ecsdeploy.cli.words.values import listing
    from ecsdeploy.model.nearest import did_you_mean

    names = [*dict.fromkeys(filter(None, (name.strip() for name in given.text("for").split(","))))]
    if not names:
        raise UsageError("`--for` names what the policy is for.", hint=f"It takes {listing(tuple(NEEDS))}.")
    for name in names:
        if name not in NEEDS:
            hint = did_you_mean(name, NEEDS) or f"It takes {listing(tuple(NEEDS))}."
            raise UsageError(f"`--for` names `{name}`, and no policy has that name.", hint=hint)
    made, places = policy(names, _known(given))
    environment.show(json.dumps(made, indent=2))
    if places:
        environment.tell(f"Put your own into the places {listing(places)}: `docs/reference/iam.md` says more.")
    return ExitCode.SUCCEEDED


def _known(given: Given) -> dict[str, str]:
    """What the command line says of the places in capitals."""
    import re

    from ecsdeploy.model.arn import partition_of_region, short_name

    known: dict[str, str] = {}
    for key, (place, form) in _PLACES.items():
        if not given.has(key):
            continue
        text = short_name(given.text(key))
        if not re.fullmatch(form, text, re.ASCII):
            raise UsageError(f"{given.origin(key)} cannot stand in the ARNs of a policy: `{text}`.")
        known[place] = text
    if "REGION" in known:
        known["PARTITION"] = partition_of_region(known["REGION"])
    return known


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_iam)
