"""The one table of options: both grammars, the help and the settings are made from it."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.cli.option import Group, Option
from ecsdeploy.cli.particular import CODEDEPLOY, ONE_OFF, VARIABLES

_CREDENTIALS = "Use `--profile`, or the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`."
VERSION = Option(key="version", names=("--version",), is_setting=False, help="Print the version.")

OPTIONS = (
    Option(
        key="cluster",
        group=Group.SUBJECT,
        names=("-c", "--cluster"),
        metavar="NAME",
        once=True,
        help="The cluster, by name or ARN.",
    ),
    Option(
        key="service",
        group=Group.SUBJECT,
        names=("-n", "--service", "--service-name"),
        metavar="NAME",
        once=True,
        help="The service to deploy, by name or ARN.",
    ),
    Option(
        key="task_definition",
        group=Group.SUBJECT,
        script=("-d", "--task-definition"),
        metavar="FAMILY[:N]",
        once=True,
        help="Only register a new revision of this task definition; no service is touched.",
        instead="Register alone with the flag form: `ecs-deploy -d FAMILY -i IMAGE`.",
    ),
    Option(
        key="image",
        group=Group.IMAGE,
        names=("-i", "--image"),
        metavar="[CONTAINER=]REF",
        many=True,
        help="The image to deploy, for every container of the same repository, or for CONTAINER alone."
        " Without a tag: latest.",
    ),
    Option(
        key="tag",
        group=Group.IMAGE,
        names=("--tag",),
        script=("-to", "--tag-only"),
        metavar="TAG",
        help="Set this tag on every image that is not pinned by digest.",
        instead="Use `--tag TAG`.",
    ),
    Option(
        key="tag_env_var",
        group=Group.IMAGE,
        script=("-e", "--tag-env-var"),
        metavar="NAME",
        help="Take the tag from this environment variable; it overrides the one in the image.",
        instead='Let the shell put it in: `--image "REPOSITORY:$NAME"`.',
    ),
    Option(
        key="eval_image",
        group=Group.IMAGE,
        script=("--eval-image",),
        help="Let /bin/sh evaluate commands in the image. File contents, git describe, git rev-parse and"
        " variables need no shell and no such flag.",
        instead='Let the shell evaluate it: `--image "REPOSITORY:$(COMMAND)"`.',
    ),
    Option(
        key="base",
        group=Group.IMAGE,
        names=("--base",),
        metavar="running|latest|FILE",
        help="What is edited: the revision in use (the default), the newest of its family, or a JSON file.",
    ),
    Option(
        key="revision",
        group=Group.IMAGE,
        names=("--revision",),
        metavar="FAMILY:N",
        is_setting=False,
        help="Deploy this revision (or its ARN) as it is; nothing is edited or registered.",
    ),
    Option(
        key="latest_base",
        group=Group.IMAGE,
        script=("--use-latest-task-def",),
        help="The same as --base latest.",
        instead="Use `--base latest`.",
    ),
    Option(
        key="file_base",
        group=Group.IMAGE,
        script=("--task-definition-file",),
        metavar="FILE",
        help="The same as --base FILE.",
        instead="Use `--base FILE`.",
    ),
    Option(
        key="copy_task_definition_tags",
        group=Group.IMAGE,
        names=("--copy-task-definition-tags",),
        help="Give the new revision the tags of the one it is made from.",
    ),
    *VARIABLES,
    Option(
        key="desired_count",
        group=Group.SERVICE,
        names=("-D", "--desired-count"),
        metavar="N",
        help="Change the number of tasks too.",
    ),
    Option(
        key="min",
        group=Group.SERVICE,
        names=("-m", "--min"),
        metavar="PERCENT",
        help="minimumHealthyPercent; sent only when given.",
    ),
    Option(
        key="max",
        group=Group.SERVICE,
        names=("-M", "--max"),
        metavar="PERCENT",
        help="maximumPercent; sent only when given.",
    ),
    Option(
        key="managed_tags",
        group=Group.SERVICE,
        names=("--managed-tags",),
        metavar="true|false",
        help="Whether new tasks get ECS's own tags, with the names of the cluster and the service.",
    ),
    Option(
        key="propagate_tags",
        group=Group.SERVICE,
        names=("--propagate-tags",),
        metavar="SERVICE|TASK_DEFINITION|NONE",
        help="Whose tags new tasks get.",
    ),
    Option(
        key="volume_configurations",
        group=Group.SERVICE,
        names=("--volume-configurations",),
        metavar="FILE",
        help="How volumes that are configured at launch are, instead of as now: JSON, as in UpdateService.",
    ),
    Option(
        key="force_new_deployment",
        group=Group.SERVICE,
        names=("--force-new-deployment",),
        help="Start a new deployment of the revision in use; nothing is registered.",
    ),
    *CODEDEPLOY,
    Option(
        key="timeout",
        group=Group.WATCHING,
        names=("-t", "--timeout"),
        metavar="TIME",
        help="How long the deployment may take, and before it all that leads to it: 90, 90s, 15m, 1h30m (15m).",
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
        instead="Use `--wait-until healthy`.",
    ),
    Option(
        key="on_failure",
        group=Group.WATCHING,
        names=("--on-failure",),
        metavar="rollback|stop|leave",
        help="What to do when our deployment fails: put the old revision back, only have ECS stop what still moves, or"
        " nothing (leave).",
    ),
    Option(
        key="enable_rollback",
        group=Group.WATCHING,
        script=("--enable-rollback",),
        help="The same as --on-failure rollback.",
        instead="Use `--on-failure rollback`.",
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
        help="Deploy nothing where the service already runs, or is being moved to, the same content.",
    ),
    Option(
        key="min_stable",
        group=Group.WATCHING,
        names=("--min-stable",),
        metavar="TIME",
        help="A task of ours that fails this soon after completion fails the deployment (not watched).",
    ),
    Option(
        key="keep",
        group=Group.WATCHING,
        names=("--keep",),
        metavar="N",
        help="After a success, deregister revisions beyond the N newest; those in use are spared.",
    ),
    Option(
        key="max_definitions",
        group=Group.WATCHING,
        script=("--max-definitions",),
        metavar="N",
        help="The same as --keep N; 0 is off.",
        instead="Use `--keep N`.",
    ),
    Option(
        key="no_preflight",
        group=Group.WATCHING,
        names=("--no-preflight",),
        help="Do not check images, roles, secrets, limits and the like before the first write.",
    ),
    Option(key="dry_run", group=Group.WATCHING, names=("--dry-run",), help="Show the plan and write nothing."),
    *ONE_OFF,
    Option(
        key="expect_account",
        group=Group.AWS,
        names=("--expect-account",),
        metavar="ID",
        help="Refuse to touch a service of any other AWS account.",
    ),
    Option(key="region", group=Group.AWS, names=("-r", "--region"), metavar="REGION", help="The AWS Region."),
    Option(
        key="profile",
        group=Group.AWS,
        names=("-p", "--profile"),
        metavar="NAME",
        help="A profile of the AWS configuration.",
    ),
    Option(
        key="access_key",
        group=Group.AWS,
        script=("-k", "--aws-access-key"),
        metavar="KEY",
        secret=True,
        help="An access key id. Other processes can read it; prefer the environment or a profile.",
        instead=_CREDENTIALS,
    ),
    Option(
        key="secret_key",
        group=Group.AWS,
        script=("-s", "--aws-secret-key"),
        metavar="KEY",
        secret=True,
        help="Its secret key; the same holds.",
        instead=_CREDENTIALS,
    ),
    Option(
        key="instance_profile",
        group=Group.AWS,
        script=("--aws-instance-profile",),
        help="Use the role of the instance or container and no other credentials.",
        instead="Leave it out: without other credentials, that role is used.",
    ),
    Option(
        key="assume_role",
        group=Group.AWS,
        names=("--assume-role",),
        script=("-a", "--aws-assume-role"),
        metavar="ARN",
        help="Assume this role first.",
        instead="Use `--assume-role ARN`.",
    ),
    Option(
        key="external_id",
        group=Group.AWS,
        names=("--external-id",),
        metavar="ID",
        secret=True,
        help="The external id that the role asks for.",
    ),
    Option(
        key="endpoint_url",
        group=Group.AWS,
        names=("--endpoint-url",),
        metavar="URL",
        help="Talk to this endpoint instead of AWS.",
    ),
    Option(
        key="output",
        names=("--output",),
        metavar="live|lines|json",
        help="Lines of text, or one JSON object a line, the last being the result.",
    ),
    Option(key="color", names=("--color",), metavar="auto|always|never", help="Colours in text (auto)."),
    Option(key="quiet", names=("--quiet",), help="No progress, only how it ended."),
    Option(key="verbose", names=("-v", "--verbose"), help="Log each API call on stderr, without secrets."),
    Option(
        key="debug_file",
        names=("--debug-file",),
        metavar="PATH",
        help="Write that log to a file, with times, the version, the command line and where an error arose.",
    ),
    Option(
        key="junit",
        names=("--junit",),
        metavar="FILE",
        help="Write how it ended as a JUnit test suite to a file, for the CI system: checks, watch, after.",
    ),
    Option(key="no_input", names=("--no-input",), help="Never ask anything; Ctrl-C then does what SIGTERM does."),
    VERSION,
    Option(key="help", names=("-h", "--help"), is_setting=False, help="Print this help."),
)

SHARED = tuple(option for option in OPTIONS if option.names)
"""The options of `deploy`."""


def by_name() -> dict[str, Option]:
    """Every spelling of the flag form."""
    return {name: option for option in OPTIONS for name in option.spellings}


def groups() -> Iterator[tuple[Group, tuple[Option, ...]]]:
    for group in Group:
        yield group, tuple(option for option in OPTIONS if option.group is group)
