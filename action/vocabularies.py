"""Whose inputs these are: ours, those of AWS's own Action, or those of the bash script's Action.

AWS's: https://github.com/aws-actions/amazon-ecs-deploy-task-definition/blob/master/action.yml
The script's: https://github.com/silinternational/ecs-deploy/blob/master/action.yml
"""

from collections.abc import Iterator
from enum import StrEnum

from action.order import Inputs
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.text import printable

OURS = (
    "cluster",
    "service",
    "image",
    "container",
    "tag",
    "base",
    "revision",
    "copy-task-definition-tags",
    "env",
    "secrets",
    "before",
    "desired-count",
    "min",
    "max",
    "managed-tags",
    "propagate-tags",
    "force-new-deployment",
    "timeout",
    "wait-until",
    "on-failure",
    "if-busy",
    "no-fail-fast",
    "skip-unchanged",
    "min-stable",
    "keep",
    "no-preflight",
    "dry-run",
    "expect-account",
    "region",
    "profile",
    "assume-role",
    "endpoint-url",
    "quiet",
    "verbose",
    "junit",
    "report",
    "args",
)
OFFICIAL = (
    "task-definition",
    "task-definition-arn",
    "desired-count",
    "service",
    "cluster",
    "wait-for-service-stability",
    "wait-for-minutes",
    "wait-max-delay-seconds",
    "codedeploy-appspec",
    "codedeploy-application",
    "codedeploy-deployment-group",
    "codedeploy-deployment-description",
    "codedeploy-deployment-config",
    "force-new-deployment",
    "service-managed-ebs-volume-name",
    "service-managed-ebs-volume",
    "run-task",
    "run-task-container-overrides",
    "run-task-security-groups",
    "run-task-subnets",
    "run-task-assign-public-ip",
    "run-task-capacity-provider-strategy",
    "run-task-launch-type",
    "run-task-started-by",
    "run-task-tags",
    "run-task-managed-ebs-volume-name",
    "run-task-managed-ebs-volume",
    "wait-for-task-stopped",
    "enable-ecs-managed-tags",
    "propagate-tags",
    "keep-null-value-keys",
    "max-retries",
)
SCRIPT_VALUES = (
    "aws_access_key",
    "aws_secret_key",
    "region",
    "service_name",
    "task_definition",
    "cluster",
    "image",
    "aws_assume_role",
    "desired_count",
    "min",
    "max",
    "profile",
    "timeout",
    "tag_env_var",
    "tag_only",
    "tag_only_container_names",
    "max_definitions",
)
SCRIPT_SWITCHES = (
    "enable_rollback",
    "force_new_deployment",
    "use_latest_task_def",
    "skip_deployments_check",
    "run_task",
    "verbose",
)
SCRIPT = tuple(name for each in (*SCRIPT_VALUES, *SCRIPT_SWITCHES) for name in (f"{each}_cmd", each))
_ALL = {*OURS, *OFFICIAL, *SCRIPT}
_CONTRADICTIONS = (
    ("task-definition", "base"),
    ("task-definition", "revision"),
    *(("task-definition-arn", each) for each in ("base", "revision", "image", "tag", "container", "env", "secrets")),
    ("wait-for-service-stability", "wait-until"),
    ("wait-for-minutes", "timeout"),
    ("enable-ecs-managed-tags", "managed-tags"),
    *(
        ("run-task", each)
        for each in (
            *("image", "tag", "container", "env", "secrets", "before", "timeout", "dry-run", "keep"),
            "copy-task-definition-tags",
        )
    ),
)


class Vocabulary(StrEnum):
    """Whose words they are."""

    OURS = "ours"
    OFFICIAL = "official"
    SCRIPT = "script"


def vocabulary_of(given: Inputs) -> Vocabulary:
    """Ours may complete AWS's; a `UsageError` names two inputs that do not go together."""
    official = [name for name in given if name in OFFICIAL and name not in OURS]
    script = [name for name in given if name in SCRIPT and name not in OURS]
    if script:
        foreign = [name for name in given if name in _ALL and name not in SCRIPT]
        if foreign:
            why = "the first is of the bash script's Action, and the second is not"
            raise _contradict(script[0], foreign[0], why)
        return Vocabulary.SCRIPT
    if official:
        for theirs, ours in _CONTRADICTIONS:
            if theirs in given and ours in given:
                why = (
                    "the first is of AWS's Action, and the second asks in our words for the same, or for another thing"
                )
                raise _contradict(theirs, ours, why)
        return Vocabulary.OFFICIAL
    return Vocabulary.OURS


def unknown_in(given: Inputs) -> Iterator[str]:
    """A sentence for each input that nothing reads, with the one that was probably meant."""
    for name in given:
        if name not in _ALL:
            near = did_you_mean(name, _ALL)
            yield f"`{printable(name)}` is no input of this Action, and not read. {near}".rstrip()


def _contradict(one: str, other: str, why: str) -> UsageError:
    return UsageError(f"The inputs `{one}` and `{other}` do not go together: {why}.", hint="Give one of them.")
