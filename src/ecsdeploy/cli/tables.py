"""The options of each command but `deploy`, chosen from the one table or its own."""

from __future__ import annotations

from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import OPTIONS, SHARED, on_a_service

PLAN = (
    *(option for option in SHARED if option.key not in {"dry_run", "detach"}),
    Option(key="exit_code", names=("--exit-code",), help="Exit 2 where something would change."),
    Option(
        key="show_values",
        is_setting=False,
        names=("--show-values",),
        help="Show values of variables, commands and the like, not their fingerprints.",
    ),
)
WATCH = (
    *on_a_service("wait_until", "fail_fast", "no_fail_fast"),
    Option(
        key="deployment",
        is_setting=False,
        names=("--deployment",),
        metavar="ID",
        help="Which deployment (the newest one).",
    ),
    Option(
        key="revision",
        is_setting=False,
        names=("--revision",),
        metavar="FAMILY:N",
        help="The newest deployment of this revision, whoever began it.",
    ),
    Option(
        key="since",
        is_setting=False,
        names=("--since",),
        metavar="TIME",
        help="Only one that began after this, by AWS's clock: 10m ago, or 2026-01-31T12:00:00Z.",
    ),
    Option(
        key="wait_for_start",
        is_setting=False,
        names=("--wait-for-start",),
        metavar="TIME",
        help="With `--revision` or `--since`: how long to wait for one to begin (60s).",
    ),
)
ROLLBACK = (
    *on_a_service("dry_run", "no_preflight"),
    Option(
        key="to",
        is_setting=False,
        names=("--to",),
        metavar="REVISION|N",
        help="The revision to go back to (the newest one released with success before that still exists).",
    ),
)
STOP = on_a_service()
STATUS = (
    *(option for option in on_a_service() if option.key not in {"timeout", "quiet", "output", "junit"}),
    Option(key="output", names=("--output",), metavar="lines|json", help="A screen of text, or one JSON object."),
    Option(
        key="exit_code",
        names=("--exit-code",),
        help="Exit 0 only where it is steady: 21 rolled back, 22 under way or short of tasks, 20 failed or stuck, 24"
        " where a service of the cluster could not be asked.",
    ),
)
CONTINUE = (
    *on_a_service("detach"),
    Option(key="hook", is_setting=False, names=("--hook",), metavar="ID", help="Which pause, where several wait."),
    Option(key="rollback", is_setting=False, names=("--rollback",), help="Have ECS roll the deployment back instead."),
)
DEMO = (
    Option(key="scenario", names=("--scenario",), metavar="FILE|NAME", help="What happens (good)."),
    Option(key="output", names=("--output",), metavar="live|lines|json", help="As in a deploy."),
    *(option for option in OPTIONS if option.key in {"color", "quiet", "verbose", "debug_file"}),
    Option(key="pace", names=("--pace",), metavar="N", help="Simulated seconds in a second on a terminal (20)."),
    Option(key="list", is_setting=False, names=("--list",), help="List the scenarios that come with the program."),
    Option(key="check", is_setting=False, names=("--check",), help="Hold each scenario against what it expects."),
    VERSION,
)
SIM = (
    Option(key="scenario", names=("--scenario",), metavar="FILE|NAME", help="The world to serve (good)."),
    Option(key="host", names=("--host",), metavar="ADDRESS", help="A loopback address (127.0.0.1)."),
    Option(key="port", names=("--port",), metavar="PORT", help="The port to listen on (4599)."),
    Option(key="speed", names=("--speed",), metavar="N", help="Simulated seconds in a second (1)."),
    Option(key="start", names=("--start",), metavar="TIME", help="When its time begins, as 2026-01-01T12:00Z (now)."),
    Option(key="seed", names=("--seed",), metavar="N", help="The seed of ids and chance (the scenario's)."),
    Option(
        key="print_env",
        is_setting=False,
        names=("--print-env",),
        help="Print what to `eval` for a simulator on that port.",
    ),
    Option(key="verbose", names=("-v", "--verbose"), help="Print one line for each API call."),
    VERSION,
)
EXPLAIN = COMPLETION = (VERSION,)
