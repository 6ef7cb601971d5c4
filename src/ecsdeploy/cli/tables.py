"""The options of the commands on a service, chosen from the one table."""

from ecsdeploy.cli.grammar import OPTIONS, SHARED, Group, Option

_AROUND = (Group.AWS, Group.OUTPUT)
_ANYWHERE = frozenset({"cluster", "service", "timeout", *(each.key for each in OPTIONS if each.group in _AROUND)})


def _with(*keys: str) -> tuple[Option, ...]:
    """The options that every command on a service has, and these."""
    return tuple(option for option in SHARED if option.key in _ANYWHERE.union(keys))


PLAN = (
    *(option for option in SHARED if option.key not in {"dry_run", "detach"}),
    Option(key="exit_code", names=("--exit-code",), help="Exit 2 where something would change."),
)
WATCH = (
    *_with("wait_until"),
    Option(key="deployment", names=("--deployment",), metavar="ID", help="Which deployment (the primary one)."),
)
ROLLBACK = (
    *_with("dry_run"),
    Option(
        key="to",
        names=("--to",),
        metavar="REVISION|N",
        help="The revision to go back to (the newest one released with success before that still exists).",
    ),
)
STOP = _with()
