"""The command lines that we suggest next (look, watch, stop, undo), and links to the AWS console."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from ecsdeploy.model.arn import account_of, region_of, revision_name, short_name
from ecsdeploy.model.outcome import UNDER_WAY, Outcome, Phase, Place, Status
from ecsdeploy.model.report import Condition, Report
from ecsdeploy.model.values import value
from ecsdeploy.render.stream import Again
from ecsdeploy.render.verdicts import is_back, is_gone
from ecsdeploy.render.view import View

if TYPE_CHECKING:
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.model.overview import Overview

Suggestion = tuple[str, str]
"""A label, and the command line that stands beside it."""

_NAMES_IN_ARN = 3


def next_commands(view: View, outcome: Outcome, again: Again) -> tuple[Suggestion, ...]:  # noqa: C901 - one case for a status
    """The commands that help after this outcome, the most useful first; empty if none does."""
    if outcome.verdict.phase in (Phase.TASK, Phase.STOPPING):
        return tuple(_end_tasks(view, outcome))
    ours, plan = _Pasted(place=outcome.place, again=again), _rehearse(view, again)
    match outcome.verdict.status:
        case Status.FAILED if is_gone(outcome):
            return ours.look()
        case Status.FAILED | Status.STOPPED:
            return (*_why(outcome, ours), *plan, *_stop(outcome, ours), *_undo(outcome, ours))
        case Status.ROLLBACK_FAILED:
            return (*_undo(outcome, ours), *_why(outcome, ours))
        case Status.ROLLED_BACK:
            return (*_why(outcome, ours), *plan)
        case Status.INTERRUPTED if is_back(outcome):
            return plan
        case Status.TIMED_OUT if _goes_back(outcome):
            return _watch(outcome, ours)
        case status if status.may_go_on and outcome.verdict.phase in (Phase.AFTER, Phase.GATE):
            return (*_end_tasks(view, outcome), *_undo(outcome, ours))
        case status if status.may_go_on:
            going = (*_go_on(view, again), *_watch(outcome, ours), *_undo(outcome, ours))
            return going if _was_written(outcome) else plan
        case Status.SUPERSEDED | Status.BUSY:
            return ours.look("Look")
        case Status.REFUSED:
            return plan
        case _:
            return ()


def _why(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    """All that the container at fault wrote, if it wrote something, else the diagnosis."""
    if not outcome.place.service:
        return ()
    has_written = outcome.cause is not None and bool(outcome.cause.log)
    return (("Next", ours.reads("logs", "--failed") if has_written else ours.reads("doctor")),)


def _end_tasks(view: View, outcome: Outcome) -> Iterator[Suggestion]:
    """The AWS CLI's commands that stop the one-off tasks that may still run. We have no such command."""
    place, verdict = outcome.place, outcome.verdict
    if verdict.phase in (Phase.TASK, Phase.AFTER) and verdict.status.may_go_on:
        for task in (each for each in view.tasks if each not in view.ended):
            names = ("--cluster", place.cluster, "--task", short_name(task), "--region", place.region)
            yield "Stop", shlex.join(("aws", "ecs", "stop-task", *names))


@value(frozen=True, slots=True, kw_only=True)
class _Pasted:
    """Builds our own command lines about one service. Those that write also name the account."""

    place: Place
    again: Again

    def reads(self, command: str, *words: str) -> str:
        place = self.place
        region = ("--region", place.region) if place.region else ()
        said = shlex.join(("ecs-deploy", command, "-c", place.cluster, "-n", place.service, *words, *region))
        return " ".join(filter(None, (said, self.again.access)))

    def writes(self, command: str, *words: str) -> str:
        account = ("--expect-account", self.place.account) if self.place.account else ()
        return self.reads(command, *words, *account)

    def look(self, label: str = "Next") -> tuple[Suggestion, ...]:
        return ((label, self.reads("status")),) if self.place.service else ()


def _go_on(view: View, again: Again) -> tuple[Suggestion, ...]:
    """The command that continues a paused deployment; empty if it does not pause."""
    commands = continue_commands(view.paused.service_deployment, again) if view.paused else ()
    return tuple(("Next", command) for _, command in commands[:1])


def continue_commands(service_deployment: str, again: Again) -> tuple[Suggestion, ...]:
    """The commands that continue a paused deployment and that roll it back.

    The ARN ends in `/CLUSTER/SERVICE/ID`; if it does not, there are no commands.
    """
    _, *names = service_deployment.split("/")
    if len(names) != _NAMES_IN_ARN:
        return ()
    region, account = region_of(service_deployment), account_of(service_deployment)
    place = Place(cluster=names[0], service=names[1], region=region, account=account)
    ours = _Pasted(place=place, again=again)
    return (("Go on", ours.writes("continue")), ("Take back", ours.writes("continue", "--rollback")))


def stop_command(place: Place, again: Again) -> str:
    """The command that stops a deployment under way, and rolls it back."""
    return _Pasted(place=place, again=again).writes("stop")


def status_commands(report: Report, again: Again) -> tuple[Suggestion, ...]:
    """The commands that help with a service in this condition; empty if none does."""
    ours = _Pasted(place=report.place, again=again)
    watch = ("Next", ours.reads("watch"))
    stop = ("Next", ours.writes("stop"))
    match report.condition:
        case Condition.DEPLOYING if report.newest and report.newest.awaiting:
            return tuple(("Next", command) for _, command in continue_commands(report.newest.arn, again))
        case Condition.DEPLOYING | Condition.FAILING | Condition.STUCK:
            return (watch, stop) if report.newest else (watch,)
        case Condition.ROLLING_BACK:
            return (watch,)
        case Condition.FAILED:
            return (("Next", ours.writes("rollback")),)
        case Condition.UNSTEADY | Condition.ROLLED_BACK:
            return (("Next", ours.reads("doctor")),)
        case _:
            return ()


def doctor_commands(checkup: Checkup, again: Again) -> tuple[str, ...]:
    """The commands that help with what is wrong; after a preflight, none does."""
    ours = _Pasted(place=checkup.place, again=again)
    if checkup.task is not None:
        return (ours.reads("logs", "--task", checkup.task.id),)
    if checkup.report is None:
        return ()
    failed = (ours.reads("logs", "--failed"),) if any(each.tasks for each in checkup.causes) else ()
    others = (command for _, command in status_commands(checkup.report, again))
    return (*failed, *(each for each in others if each != ours.reads("doctor")))


def look_at(overview: Overview, again: Again) -> str:
    """The `status` command of the service in the worst condition. The overview has at least one service."""
    name = overview.services[0].service.name
    place = Place(cluster=overview.cluster, service=name, region=overview.region, account=overview.account)
    return _Pasted(place=place, again=again).reads("status")


def cluster_link(overview: Overview) -> str:
    """The address of the cluster's services in the AWS console; empty if we do not know the Region."""
    if not overview.region:
        return ""
    region, cluster = quote(overview.region, safe=""), quote(overview.cluster, safe="")
    return f"{_console(overview.region)}/clusters/{cluster}/services?region={region}"


def console_link(place: Place) -> str:
    """The address of the service's page in the AWS console, in its Region's partition; empty if a name is missing."""
    if not (place.region and place.cluster and place.service):
        return ""
    region, cluster, service = (quote(each, safe="") for each in (place.region, place.cluster, place.service))
    return f"{_console(place.region)}/clusters/{cluster}/services/{service}/deployments?region={region}"


def task_link(place: Place, task: str) -> str:
    """The address of the task's page in the AWS console; empty without a Region or a task."""
    if not (place.region and task):
        return ""
    cluster, identifier = quote(place.cluster, safe=""), quote(short_name(task), safe="")
    return f"{_console(place.region)}/clusters/{cluster}/tasks/{identifier}?region={place.region}"


def _console(region: str) -> str:
    domain = "console.aws.amazon.com"
    if region.startswith("cn-"):
        domain = "console.amazonaws.cn"
    elif region.startswith("us-gov-"):
        domain = "console.amazonaws-us-gov.com"
    return f"https://{quote(region, safe='')}.{domain}/ecs/v2"


def _was_written(outcome: Outcome) -> bool:
    """Whether the service may have changed. It may, if the reply to a write was lost."""
    untouched = outcome.verdict.phase in (Phase.PLANNING, Phase.REGISTERING, Phase.REGISTERED)
    return outcome.verdict.status is Status.UNKNOWN or not untouched


def _watch(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    back = outcome.rollback if _goes_back(outcome) else None
    watched = (back.deployment_id if back else "") or outcome.deployment_id
    return (("Watch", ours.reads("watch", "--deployment", watched)),) if watched else ours.look("Watch")


def _goes_back(outcome: Outcome) -> bool:
    """Whether a rollback is under way. There is nothing to do then but to watch it."""
    return outcome.rollback is not None and outcome.rollback.status == UNDER_WAY


def _stop(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    """The command that stops a deployment that cannot succeed: ECS goes on with it until somebody does."""
    hopeless = outcome.verdict.doom is not None and not outcome.by_codedeploy
    return (("Stop", ours.writes("stop")),) if hopeless else ()


def _undo(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    if not (outcome.from_revision and ours.place.service) or outcome.from_revision == outcome.to_revision:
        return ()
    if outcome.by_codedeploy and _still_moves(outcome):
        return (("Undo", ours.writes("stop")),)
    return (("Undo", ours.writes("rollback", "--to", revision_name(outcome.from_revision))),)


def _still_moves(outcome: Outcome) -> bool:
    """Whether the deployment may still be under way. Until somebody stops it, CodeDeploy accepts no other."""
    return outcome.verdict.status.may_go_on or outcome.verdict.doom is not None


def _rehearse(view: View, again: Again) -> tuple[Suggestion, ...]:
    """The command that plans the same release again, once the failure is fixed; empty if we cannot repeat it."""
    planned = view.planned
    if planned is None or not planned.changes or not planned.place.service or again.plan is None:
        return ()
    changes = planned.changes if again.names_images else ()
    images = [word for each in changes for word in ("--image", f"{each.container}={each.after}")]
    command = _Pasted(place=planned.place, again=again).reads("plan", *images)
    return (("Next", " ".join(filter(None, (command, again.plan)))),)
