"""What each check's finding says, how grave it is, and what to do: the one table of the codes `C-...`."""

from collections.abc import Mapping
from enum import StrEnum

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.values import dataclass

_GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
_API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"


class Severity(StrEnum):
    """An error ends the deployment before its first write; a note is no more than a line to know about."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A code's sentence, with places for the finding's subjects (`{0}`, `{all}`, `{plain}`), and its page of AWS."""

    severity: Severity
    sentence: str
    todo: str
    link: str
    held: str = ""
    """What is ticked off where the check is made and finds nothing: about one thing, and after a bar about several."""


def _error(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.ERROR, sentence=sentence, todo=todo, link=link, held=held)


def _warning(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.WARNING, sentence=sentence, todo=todo, link=link, held=held)


MEANINGS: Mapping[str, Meaning] = {
    "C-ACCOUNT": _error(
        "The service `{0}` is in account `{1}`, and `--expect-account` says `{2}`.",
        "Use the credentials, or the profile, of the account that is meant.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    ),
    "C-NOT-ACTIVE": _error(
        "The service `{0}` is {1}: somebody has deleted it.",
        "Create the service again once its last tasks have stopped.",
        f"{_API}API_DeleteService.html",
    ),
    "C-EXPRESS": _error(
        "The service `{0}` is managed by ECS Express Mode: update it there.",
        "Use `aws ecs update-express-gateway-service`.",
        f"{_GUIDE}express-service-overview.html",
    ),
    "C-CONTROLLER": _error(
        "The service `{0}` is deployed by its `{1}` deployment controller: use that to deploy it.",
        "Deploy with that controller, or move the service to the controller `ECS`.",
        f"{_API}API_UpdateService.html",
    ),
    "C-CODEDEPLOY-GROUP": _error(
        "The service `{0}` is deployed by CodeDeploy, and no deployment group of CodeDeploy here is for it.",
        "Create a deployment group for it (`aws deploy create-deployment-group`), or move the service to the "
        "controller `ECS`.",
        f"{_GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-GROUPS": _error(
        "More than one deployment group of CodeDeploy is for this service: {all}.",
        "Remove all but one: CodeDeploy deploys a service through one group.",
        f"{_GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-PORT": _error(
        "The service `{0}` has no load balancer, and CodeDeploy needs one to send traffic to the new version.",
        "Give the service a load balancer, or move it to the controller `ECS`.",
        f"{_GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-SIZING": _error(
        "The service `{0}` is deployed by CodeDeploy, which changes no desired count and no percentages.",
        "Change them with `aws ecs update-service` first, and release without these options.",
        "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html",
    ),
    "C-NO-FAMILY": _error(
        "The task definition has no `family`.", "Add one to the file.", f"{_API}API_RegisterTaskDefinition.html"
    ),
    "C-NO-CONTAINER": _error(
        "The task definition `{0}` has no container.",
        "Add `containerDefinitions` to the file.",
        f"{_API}API_RegisterTaskDefinition.html",
    ),
    "C-NO-IMAGE": _error(
        "Each container needs a `name` and an `image`; {all} lacks one.",
        "Complete `containerDefinitions`.",
        f"{_API}API_ContainerDefinition.html",
    ),
    "C-NO-NETWORK": _error(
        "Tasks of `{0}` are in `awsvpc` mode: name their subnets with `--network-configuration`.",
        "Give subnets and security groups, as in the service's own network configuration.",
        f"{_API}API_RunTask.html",
    ),
    "C-REVISION-INACTIVE": _warning(
        "The revision `{0}` is {1}: a copy of it is registered and deployed.",
        "Keep what you may want back: `--keep` spares the newest revisions and those in use.",
        f"{_GUIDE}deregister-task-definition-v2.html",
    ),
    "C-IMAGE-MISSING": _error(
        "ECR does not have {all}: no task could start.",
        "Push the image, or correct its name, tag, account or Region.",
        f"{_GUIDE}task_cannot_pull_image.html",
        held="ECR has the image|ECR has the images",
    ),
    "C-IMAGE-PLATFORM": _error(
        "The image `{0}` is built for `{2}` and the task runs on `{1}`: no task could start.",
        "Build the image for that platform, or change `runtimePlatform` in the definition.",
        f"{_API}API_RuntimePlatform.html",
        held="built for {0}",
    ),
    "C-ROLE-MISSING": _error(
        "IAM does not have the role {all} that the definition names.",
        "Create the role, or correct `executionRoleArn` or `taskRoleArn`.",
        f"{_GUIDE}task_execution_IAM_role.html",
        held="role exists|roles exist",
    ),
    "C-SECRET-MISSING": _error(
        "Secrets Manager does not have {all}, or deletes it soon: no task could start.",
        "Create or restore the secret, or correct `valueFrom`.",
        f"{_GUIDE}secrets-envvar-secrets-manager.html",
        held="secret exists|secrets exist",
    ),
    "C-PARAMETER-MISSING": _error(
        "Parameter Store does not have {all}: no task could start.",
        "Create the parameter, or correct `valueFrom`.",
        f"{_GUIDE}secrets-envvar-ssm-paramstore.html",
        held="parameter exists|parameters exist",
    ),
    "C-LOG-GROUP-MISSING": _error(
        "CloudWatch Logs does not have the log group {all}: no task could start.",
        "Create the log group, or set the driver's option `awslogs-create-group`.",
        f"{_GUIDE}specify-log-config.html",
        held="log group exists|log groups exist",
    ),
    "C-FARGATE-SIZE": _error(
        "Fargate has no size of `{0}` CPU units with `{1}` MiB of memory.",
        "Choose a combination that AWS's table has.",
        f"{_GUIDE}task-cpu-memory-error.html",
        held="Fargate has the size",
    ),
    "C-FARGATE-NEW-SIZE": _warning(
        "Fargate may not have the size of `{0}` CPU units here yet.",
        "If ECS refuses it, choose 16384 units or less.",
        f"{_GUIDE}task-cpu-memory-error.html",
    ),
    "C-DEADLOCK": _error(
        "With {0} desired, minimum {1} % and maximum {2} % leave ECS no room to start a task or to stop one.",
        "Raise the maximum (`--max 200`, `-M 200`) or lower the minimum (`--min 0`, `-m 0`).",
        f"{_GUIDE}service_definition_parameters.html",
        held="room to exchange tasks",
    ),
    "C-ZONE-REBALANCING": _error(
        "The service `{0}` rebalances Availability Zones, which needs a maximum above 100 %, and {1} % is asked for.",
        "Ask for a maximum above 100, or turn the service's rebalancing off.",
        f"{_GUIDE}service-rebalancing.html",
    ),
    "C-SCALING-LIMITS": _warning(
        "Auto scaling keeps the service between {1} and {2} tasks, and {0} are asked for: it will change that again.",
        "Ask for a count within the limits, or change the limits.",
        f"{_GUIDE}service-auto-scaling.html",
        held="within auto scaling's limits",
    ),
    "C-TARGET-GROUP-MISSING": _error(
        "The load balancer does not have the target group {all} of the service.",
        "Create the target group, or correct the service's load balancers.",
        f"{_GUIDE}service-load-balancing.html",
        held="target group exists|target groups exist",
    ),
    "C-BALANCED-CONTAINER": _error(
        "The service's load balancer sends requests to the container `{0}`, which the definition does not have.",
        "Keep the container's name, or correct the service's load balancers first.",
        f"{_API}API_LoadBalancer.html",
    ),
    "C-BALANCED-PORT": _error(
        "The service's load balancer sends requests to port {1} of the container `{0}`, which does not map that port.",
        "Add the port to `portMappings`, or correct the service's load balancers first.",
        f"{_API}API_LoadBalancer.html",
        held="the balanced port is mapped",
    ),
    "C-BUSY": _warning(
        "A deployment of the service `{0}` is running already: `{1}`, to `{2}` since {3}, registered by {4}.",
        "Wait for it, or choose with `--if-busy`.",
        f"{_GUIDE}service-deployment.html",
    ),
    "C-NEWER-REVISION": _warning(
        "The newest revision is `{0}`, and the release starts from `{1}`: what is new in it is left out.",
        "If it is meant, start from it: `--base latest` (`--use-latest-task-def`).",
        f"{_GUIDE}update-task-definition-console-v2.html",
        held="based on the newest revision",
    ),
    "C-NO-ROLLBACK-TARGET": _warning(
        "No deployment of the service `{0}` has completed: a failure leaves no version to go back to.",
        "Watch this one; from the next on there is a version to go back to.",
        f"{_GUIDE}deployment-circuit-breaker.html",
        held="a version to go back to",
    ),
    "C-ROLLBACK-INACTIVE": _warning(
        "The revision `{0}` to go back to is {1}: a rollback has to register a copy of it first.",
        "Allow `ecs:RegisterTaskDefinition` for its family, as for every release.",
        f"{_GUIDE}deregister-task-definition-v2.html",
    ),
    "C-ROLLBACK-IMAGE": _warning(
        "ECR no longer has {all} of the revision to go back to: a rollback could start no task.",
        "Push the image again; a lifecycle policy may have removed it.",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    ),
    "C-TIMEOUT": _warning(
        "The deployment may need {0} s by its own settings, and the timeout is {1} s.",
        "Allow more time, or shorten grace period, health check or deregistration delay.",
        f"{_GUIDE}load-balancer-connection-draining.html",
        held="the timeout suffices",
    ),
    "C-CREDENTIALS-EXPIRE": _warning(
        "The credentials expire at {0}, and the deployment may be watched until {1}.",
        "Renew them first; if they expire, `ecs-deploy watch` takes up the deployment again.",
        "https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html",
        held="the credentials last",
    ),
    "C-UNCHECKED": Meaning(
        severity=Severity.NOTE,
        sentence="Not checked, as it could not be read: {plain}.",
        todo="Allow the reads of `docs/reference/iam.md`, or turn the checks off with `--no-preflight`.",
        link=f"{_GUIDE}security-iam.html",
    ),
}


def found(code: str, *subjects: str) -> Finding:
    """The finding of this code; an error blocks."""
    return Finding(code=code, subjects=subjects, blocking=MEANINGS[code].severity is Severity.ERROR)


ALWAYS_MADE = frozenset(
    {
        "C-ACCOUNT",
        "C-CODEDEPLOY-GROUP",
        "C-CODEDEPLOY-GROUPS",
        "C-CODEDEPLOY-PORT",
        "C-CODEDEPLOY-SIZING",
        "C-CONTROLLER",
        "C-EXPRESS",
        "C-NO-CONTAINER",
        "C-NO-FAMILY",
        "C-NO-IMAGE",
        "C-NO-NETWORK",
        "C-NOT-ACTIVE",
        "C-REVISION-INACTIVE",
    }
)
"""The checks that `--no-preflight` does not leave out: they need nothing but what every plan has."""


def sentence(finding: Finding) -> str:
    """One sentence; where the table has none for this code and these subjects, it names them."""
    listed = ", ".join(f"`{each}`" for each in finding.subjects)
    try:
        return MEANINGS[finding.code].sentence.format(*finding.subjects, all=listed, plain=", ".join(finding.subjects))
    except (KeyError, IndexError):
        return f"{finding.code}: {listed}." if listed else f"{finding.code}."


def tick(finding: Finding) -> str:
    """What is ticked off, with how many it was, if several; empty for a code that has no such text."""
    meaning = MEANINGS.get(finding.code)
    one, _, many = (meaning.held if meaning else "").partition("|")
    number = len(finding.subjects)
    return f"{many} ({number})" if many and number > 1 else one.format(*finding.subjects)


def is_note(finding: Finding) -> bool:
    """Whether it is no more than a line to know about."""
    meaning = MEANINGS.get(finding.code)
    return meaning is not None and meaning.severity is Severity.NOTE


def todo(finding: Finding) -> str:
    """What to do about it; empty for a code that is not in the table."""
    meaning = MEANINGS.get(finding.code)
    return meaning.todo if meaning else ""
