"""The options about several services that are released as one, for the commands that take `-n` again and again."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.model.values import replace

_MANY = {
    "cluster": "The cluster, by name or ARN; may be repeated, for the same services in each.",
    "service": "The service, by name or ARN. Repeat it for several, or give a pattern (web-*), or CLUSTER/SERVICE.",
}
TOGETHER = (
    Option(
        key="canary",
        group=Group.SUBJECT,
        is_of_one_run=True,
        names=("--canary",),
        metavar="NAME",
        help="Of several services, the one that is released first, alone, to its verdict.",
    ),
    Option(
        key="max_parallel",
        group=Group.SUBJECT,
        names=("--max-parallel",),
        metavar="N",
        help="Of several services, how many are under way at once (all).",
    ),
)


def of_several(options: Iterable[Option]) -> tuple[Option, ...]:
    """The same options, where the service and the cluster may be given again and again."""
    return tuple(replace(each, many=True, help=_MANY[each.key]) if each.key in _MANY else each for each in options)
