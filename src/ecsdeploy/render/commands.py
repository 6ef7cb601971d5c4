"""The commands to paste next: what to look at, how to go on watching, how to undo."""

import shlex
from urllib.parse import quote

from ecsdeploy.model.arn import account_of, region_of, revision_name
from ecsdeploy.model.events import Planned
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status
from ecsdeploy.model.report import Condition, Report
from ecsdeploy.render.verdicts import is_back
from ecsdeploy.render.view import View

Row = tuple[str, str]
"""A label and what stands beside it."""

_NAMES_IN_ARN = 3
_EVENTS = "services[0].events[:10].message"
_DEPLOYMENTS = "services[0].deployments"


def next_commands(view: View, outcome: Outcome) -> tuple[Row, ...]:
    """Labelled commands, the most useful first; none where there is nothing to look at."""
    if outcome.verdict.phase is Phase.TASK:
        return _task_commands(view, outcome)
    match outcome.verdict.status:
        case Status.FAILED | Status.STOPPED:
            return (*_inspect(outcome), *_rehearse(view), *_undo(outcome))
        case Status.ROLLBACK_FAILED:
            return (*_undo(outcome), *_inspect(outcome))
        case Status.ROLLED_BACK:
            return (*_inspect(outcome), *_rehearse(view))
        case Status.INTERRUPTED if is_back(outcome):
            return _rehearse(view)
        case Status.TIMED_OUT | Status.UNKNOWN | Status.INTERRUPTED | Status.DETACHED:
            return (*_go_on(view), *_watch(outcome), *_undo(outcome)) if _was_written(outcome) else _rehearse(view)
        case Status.SUPERSEDED | Status.BUSY:
            return _other_command(outcome)
        case Status.REFUSED:
            return _rehearse(view)
        case Status.SUCCEEDED | Status.UNCHANGED:
            return ()


def _other_command(outcome: Outcome) -> tuple[Row, ...]:
    """Where to look at somebody else's deployment; CodeDeploy's ids begin with `d-`."""
    if outcome.verdict.by.startswith("d-"):
        command = _command(outcome.place, "aws", "deploy", "get-deployment", "--deployment-id", outcome.verdict.by)
        return (("Look", command),)
    return _service_command("Look", outcome.place, _DEPLOYMENTS)


def _go_on(view: View) -> tuple[Row, ...]:
    """Whoever leaves a deployment that waits for somebody is told how it goes on."""
    commands = continue_commands(view.paused.service_deployment) if view.paused else ()
    return tuple(("Next", command) for _, command in commands[:1])


def continue_commands(service_deployment: str) -> tuple[Row, ...]:
    """How a paused deployment goes on, and how it is taken back; the ARN ends in `/CLUSTER/SERVICE/ID`."""
    _, *names = service_deployment.split("/")
    if len(names) != _NAMES_IN_ARN:
        return ()
    region, account = region_of(service_deployment), account_of(service_deployment)
    place = Place(cluster=names[0], service=names[1], region=region, account=account)
    return (("Go on", _ours(place, "continue")), ("Take back", _ours(place, "continue", "--rollback")))


def status_commands(report: Report) -> tuple[Row, ...]:
    """What can be done about a service in this condition."""
    place = report.place
    watch = ("Next", _ours(place, "watch"))
    stop = ("Next", _ours(place, "stop"))
    match report.condition:
        case Condition.DEPLOYING if report.newest and report.newest.awaiting:
            return tuple(("Next", command) for _, command in continue_commands(report.newest.arn))
        case Condition.DEPLOYING | Condition.STUCK:
            return (watch, stop) if report.newest else (watch,)
        case Condition.ROLLING_BACK:
            return (watch,)
        case Condition.FAILED:
            return (("Next", _ours(place, "rollback")),)
        case _:
            return ()


def console_link(place: Place) -> str:
    """The service's page in the AWS console, of the Region's partition."""
    if not (place.region and place.cluster and place.service):
        return ""
    domain = "console.aws.amazon.com"
    if place.region.startswith("cn-"):
        domain = "console.amazonaws.cn"
    elif place.region.startswith("us-gov-"):
        domain = "console.amazonaws-us-gov.com"
    region, cluster, service = (quote(each, safe="") for each in (place.region, place.cluster, place.service))
    return f"https://{region}.{domain}/ecs/v2/clusters/{cluster}/services/{service}/deployments?region={region}"


def _was_written(outcome: Outcome) -> bool:
    """Whether the service may have changed: also when the reply to the write was lost."""
    untouched = outcome.verdict.phase in (Phase.PLANNING, Phase.REGISTERING, Phase.REGISTERED)
    return outcome.verdict.status is Status.UNKNOWN or not untouched


def _inspect(outcome: Outcome) -> tuple[Row, ...]:
    return (*_logs(outcome), *_service_command("Next", outcome.place, _EVENTS))


def _logs(outcome: Outcome) -> tuple[Row, ...]:
    cause = outcome.cause
    if cause is None or not (cause.log_group and cause.log_stream):
        return ()
    words = ("aws", "logs", "tail", cause.log_group, "--log-stream-names", cause.log_stream, "--since", "1h")
    return (("Next", _command(outcome.place, *words)),)


def _watch(outcome: Outcome) -> tuple[Row, ...]:
    if not outcome.deployment_id:
        return _service_command("Watch", outcome.place, _DEPLOYMENTS)
    return (("Watch", _ours(outcome.place, "watch", "--deployment", outcome.deployment_id)),)


def _undo(outcome: Outcome) -> tuple[Row, ...]:
    place = outcome.place
    if not (outcome.from_revision and place.service) or outcome.from_revision == outcome.to_revision:
        return ()
    if outcome.by_codedeploy and _still_moves(outcome):
        return (("Undo", _ours(place, "stop")),)
    return (("Undo", _ours(place, "rollback", "--to", revision_name(outcome.from_revision))),)


def _still_moves(outcome: Outcome) -> bool:
    """CodeDeploy takes nothing else while a deployment of the group is under way: it has to be stopped."""
    left = (Status.TIMED_OUT, Status.UNKNOWN, Status.INTERRUPTED, Status.DETACHED)
    return outcome.verdict.status in left or outcome.verdict.doom is not None


def _rehearse(view: View) -> tuple[Row, ...]:
    """What the same release would change now, once what failed is mended."""
    planned = view.planned
    if planned is None or not planned.changes or not planned.place.service:
        return ()
    return (("Next", _dry_run(planned)),)


def _dry_run(planned: Planned) -> str:
    place = planned.place
    images = [word for each in planned.changes for word in ("--image", f"{each.container}={each.after}")]
    return _ours(place, "plan", *images)


def _ours(place: Place, command: str, *words: str) -> str:
    return _command(place, "ecs-deploy", command, "-c", place.cluster, "-n", place.service, *words)


def _task_commands(view: View, outcome: Outcome) -> tuple[Row, ...]:
    task, cluster = outcome.task_arn or view.task, outcome.place.cluster
    if not task:
        return ()
    look = _command(outcome.place, "aws", "ecs", "describe-tasks", "--cluster", cluster, "--tasks", task)
    stop = _command(outcome.place, "aws", "ecs", "stop-task", "--cluster", cluster, "--task", task)
    if outcome.verdict.status in (Status.TIMED_OUT, Status.UNKNOWN, Status.INTERRUPTED, Status.DETACHED):
        return (("Watch", look), ("Undo", stop))
    return (*_logs(outcome), ("Next", look))


def _service_command(label: str, place: Place, query: str) -> tuple[Row, ...]:
    if not place.service:
        return ()
    words = ("--cluster", place.cluster, "--services", place.service, "--query", query)
    return ((label, _command(place, "aws", "ecs", "describe-services", *words)),)


def _command(place: Place, *words: str) -> str:
    region = ("--region", place.region) if place.region else ()
    return shlex.join((*words, *region))
