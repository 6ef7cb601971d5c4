"""The options about following a release: how long, how far, and what to do if it fails."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

WATCHING = (
    Option(
        key="before",
        group=Group.WATCHING,
        names=("--before",),
        metavar='"[CONTAINER: ]COMMAND"',
        secret=True,
        help="Run one task of the new revision with this command first, on the service's network and launch type, and"
        " release only if it succeeds. `task-definition/FAMILY` before the command, or alone, runs one of that family.",
    ),
    Option(
        key="after",
        group=Group.WATCHING,
        names=("--after",),
        metavar='"[CONTAINER: ]COMMAND"',
        secret=True,
        help="Run one likewise once the release has succeeded; if it fails, so has the release: --on-failure decides.",
    ),
    Option(
        key="smoke",
        group=Group.WATCHING,
        names=("--smoke",),
        metavar="COMMAND",
        secret=True,
        help="At the pause after test traffic run this command here, without a shell; go on if it exits with 0, else"
        " have ECS roll back.",
    ),
    Option(
        key="smoke_timeout",
        group=Group.WATCHING,
        names=("--smoke-timeout",),
        metavar="TIME",
        help="How long the command of --smoke may take (10m).",
    ),
    Option(
        key="approve",
        group=Group.WATCHING,
        names=("--approve",),
        help="At the pause after test traffic ask on the terminal whether to go on, after --smoke if it is given.",
    ),
    Option(
        key="add_pause",
        group=Group.WATCHING,
        names=("--add-pause",),
        help="Give the service that pause for this release, if it has none.",
    ),
    Option(
        key="timeout",
        group=Group.WATCHING,
        names=("-t", "--timeout"),
        metavar="TIME",
        help="The limit for the deployment, and again for all that comes before it: 90, 90s, 15m, 1h30m (15m).",
        script_help="Seconds to watch, for each phase: until a task of the new revision runs, and until the deployment"
        " has completed (90).",
    ),
    Option(
        key="wait_until",
        group=Group.WATCHING,
        names=("--wait-until",),
        metavar="registered|started|healthy|traffic|complete",
        help="How far to follow the deployment before it counts as success (complete).",
    ),
    Option(key="detach", group=Group.WATCHING, names=("--detach",), help="The same as --wait-until started."),
    Option(
        key="skip_deployments_check",
        group=Group.WATCHING,
        script=("--skip-deployments-check",),
        help="The same as --wait-until healthy: old tasks may still drain.",
        same_as="--wait-until healthy",
    ),
    Option(
        key="on_failure",
        group=Group.WATCHING,
        names=("--on-failure",),
        metavar="rollback|stop|leave",
        help="What to do when our deployment fails: roll back, only stop it, or do nothing (leave).",
    ),
    Option(
        key="enable_rollback",
        group=Group.WATCHING,
        script=("--enable-rollback",),
        help="The same as --on-failure rollback.",
        same_as="--on-failure rollback",
    ),
    Option(
        key="on_interrupt",
        group=Group.WATCHING,
        names=("--on-interrupt",),
        metavar="ask|detach|rollback",
        help="What Ctrl-C does to a deployment under way (ask). SIGTERM, and Ctrl-C where there is no terminal: "
        "detach, or rollback with --on-failure rollback.",
    ),
    Option(
        key="if_busy",
        group=Group.WATCHING,
        names=("--if-busy",),
        metavar="wait|fail|supersede",
        help="What to do when another deployment of the service is running (fail).",
        script_help="What to do when another deployment of the service is running (supersede).",
    ),
    Option(
        key="fail_fast",
        group=Group.WATCHING,
        names=("--fail-fast",),
        help="Do not wait for a deployment that can no longer succeed: a second attempt lacks an image, a secret or a"
        " permission, or tasks end alike again and again and none is healthy (the default).",
    ),
    Option(
        key="no_fail_fast",
        group=Group.WATCHING,
        names=("--no-fail-fast",),
        help="Wait for ECS to end such a deployment, or for the timeout.",
    ),
    Option(
        key="skip_unchanged",
        group=Group.WATCHING,
        names=("--skip-unchanged",),
        help="Deploy nothing if the service already runs, or is moving to, the same content.",
    ),
    Option(
        key="min_stable",
        group=Group.WATCHING,
        names=("--min-stable",),
        metavar="TIME",
        help="The deployment fails if a task of ours fails within this time after completion (not watched).",
    ),
    Option(
        key="keep",
        group=Group.WATCHING,
        names=("--keep",),
        metavar="N",
        help="After a success, deregister revisions beyond the N newest; those in use stay.",
    ),
    Option(
        key="max_definitions",
        group=Group.WATCHING,
        script=("--max-definitions",),
        metavar="N",
        help="The same as --keep N; 0 is off.",
        same_as="--keep",
    ),
    Option(
        key="no_preflight",
        group=Group.WATCHING,
        names=("--no-preflight",),
        help="Do not check images, roles, secrets, limits and the like before the first write.",
    ),
    Option(key="dry_run", group=Group.WATCHING, names=("--dry-run",), help="Show the plan and write nothing."),
)
