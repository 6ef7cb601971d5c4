"""The commands to paste next: what to look at, how to go on watching, how to undo."""

from __future__ import annotations

import shlex
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
    from ecsdeploy.model.overview import Overview

Suggestion = tuple[str, str]
"""A label, and the command line that stands beside it."""

_NAMES_IN_ARN = 3


def next_commands(view: View, outcome: Outcome, again: Again) -> tuple[Suggestion, ...]:  # noqa: C901 - one case for a status
    """Labelled commands, the most useful first; none where there is nothing to look at, or none of ours to do it."""
    if outcome.verdict.phase is Phase.TASK:
        return _end_task(outcome)
    ours, plan = _Pasted(place=outcome.place, again=again), _rehearse(view, again)
    match outcome.verdict.status:
        case Status.FAILED if is_gone(outcome):
            return ours.look()
        case Status.FAILED | Status.STOPPED:
            return (*ours.look(), *plan, *_stop(outcome, ours), *_undo(outcome, ours))
        case Status.ROLLBACK_FAILED:
            return (*_undo(outcome, ours), *ours.look())
        case Status.ROLLED_BACK:
            return (*ours.look(), *plan)
        case Status.INTERRUPTED if is_back(outcome):
            return plan
        case Status.TIMED_OUT if _goes_back(outcome):
            return _watch(outcome, ours)
        case status if status.may_go_on:
            going = (*_go_on(view, again), *_watch(outcome, ours), *_undo(outcome, ours))
            return going if _was_written(outcome) else plan
        case Status.SUPERSEDED | Status.BUSY:
            return ours.look("Look")
        case Status.REFUSED:
            return plan
        case _:
            return ()


def _end_task(outcome: Outcome) -> tuple[Suggestion, ...]:
    """How a task before a release is ended, which goes on although nobody waits for it; no command of ours does it."""
    place = outcome.place
    if not (place.service and outcome.task_arn and outcome.verdict.status.may_go_on):
        return ()
    names = ("--cluster", place.cluster, "--task", short_name(outcome.task_arn), "--region", place.region)
    return (("Stop", shlex.join(("aws", "ecs", "stop-task", *names))),)


@value(frozen=True, slots=True, kw_only=True)
class _Pasted:
    """Our own commands about one service; those that write name the account."""

    place: Place
    again: Again

    def reads(self, command: str, *words: str) -> str:
        place = self.place
        region = ("--region", place.region) if place.region else ()
        said = shlex.join(("ecs-deploy", command, "-c", place.cluster, "-n", place.service, *words, *region))
        return " ".join(filter(None, (said, self.again.target)))

    def writes(self, command: str, *words: str) -> str:
        account = ("--expect-account", self.place.account) if self.place.account else ()
        return self.reads(command, *words, *account)

    def look(self, label: str = "Next") -> tuple[Suggestion, ...]:
        return ((label, self.reads("status")),) if self.place.service else ()


def _go_on(view: View, again: Again) -> tuple[Suggestion, ...]:
    """Whoever leaves a deployment that waits for somebody is told how it goes on."""
    commands = continue_commands(view.paused.service_deployment, again) if view.paused else ()
    return tuple(("Next", command) for _, command in commands[:1])


def continue_commands(service_deployment: str, again: Again) -> tuple[Suggestion, ...]:
    """How a paused deployment goes on, and how it is taken back; the ARN ends in `/CLUSTER/SERVICE/ID`."""
    _, *names = service_deployment.split("/")
    if len(names) != _NAMES_IN_ARN:
        return ()
    region, account = region_of(service_deployment), account_of(service_deployment)
    place = Place(cluster=names[0], service=names[1], region=region, account=account)
    ours = _Pasted(place=place, again=again)
    return (("Go on", ours.writes("continue")), ("Take back", ours.writes("continue", "--rollback")))


def stop_command(place: Place, again: Again) -> str:
    """How a deployment that is under way is taken back."""
    return _Pasted(place=place, again=again).writes("stop")


def status_commands(report: Report, again: Again) -> tuple[Suggestion, ...]:
    """What can be done about a service in this condition."""
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
        case _:
            return ()


def look_at(overview: Overview, again: Again) -> str:
    """How to see all that is known of the service that stands worst; it has one at least."""
    name = overview.services[0].service.name
    place = Place(cluster=overview.cluster, service=name, region=overview.region, account=overview.account)
    return _Pasted(place=place, again=again).reads("status")


def cluster_link(overview: Overview) -> str:
    """The page of a cluster's services in the AWS console; empty where the Region is not known."""
    if not overview.region:
        return ""
    region, cluster = quote(overview.region, safe=""), quote(overview.cluster, safe="")
    return f"{_console(overview.region)}/clusters/{cluster}/services?region={region}"


def console_link(place: Place) -> str:
    """The service's page in the AWS console, of the Region's partition."""
    if not (place.region and place.cluster and place.service):
        return ""
    region, cluster, service = (quote(each, safe="") for each in (place.region, place.cluster, place.service))
    return f"{_console(place.region)}/clusters/{cluster}/services/{service}/deployments?region={region}"


def task_link(place: Place, task: str) -> str:
    """The page of a task, of which no command of ours tells more."""
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
    """Whether the service may have changed: also when the reply to the write was lost."""
    untouched = outcome.verdict.phase in (Phase.PLANNING, Phase.REGISTERING, Phase.REGISTERED)
    return outcome.verdict.status is Status.UNKNOWN or not untouched


def _watch(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    back = outcome.rollback if _goes_back(outcome) else None
    watched = (back.deployment_id if back else "") or outcome.deployment_id
    return (("Watch", ours.reads("watch", "--deployment", watched)),) if watched else ours.look("Watch")


def _goes_back(outcome: Outcome) -> bool:
    """A rollback is under way: there is nothing else to do but to watch it."""
    return outcome.rollback is not None and outcome.rollback.status == UNDER_WAY


def _stop(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    """A deployment that cannot succeed goes on until somebody ends it."""
    hopeless = outcome.verdict.doom is not None and not outcome.by_codedeploy
    return (("Stop", ours.writes("stop")),) if hopeless else ()


def _undo(outcome: Outcome, ours: _Pasted) -> tuple[Suggestion, ...]:
    if not (outcome.from_revision and ours.place.service) or outcome.from_revision == outcome.to_revision:
        return ()
    if outcome.by_codedeploy and _still_moves(outcome):
        return (("Undo", ours.writes("stop")),)
    return (("Undo", ours.writes("rollback", "--to", revision_name(outcome.from_revision))),)


def _still_moves(outcome: Outcome) -> bool:
    """CodeDeploy takes nothing else while a deployment of the group is under way: it has to be stopped."""
    return outcome.verdict.status.may_go_on or outcome.verdict.doom is not None


def _rehearse(view: View, again: Again) -> tuple[Suggestion, ...]:
    """What the same release would change now, once what failed is mended."""
    planned = view.planned
    if planned is None or not planned.changes or not planned.place.service or again.plan is None:
        return ()
    changes = planned.changes if again.names_images else ()
    images = [word for each in changes for word in ("--image", f"{each.container}={each.after}")]
    command = _Pasted(place=planned.place, again=again).reads("plan", *images)
    return (("Next", " ".join(filter(None, (command, again.plan)))),)
