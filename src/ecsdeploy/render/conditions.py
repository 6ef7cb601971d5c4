"""The only English about a service's condition: the sentence at the top of its status."""

from typing import assert_never

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.identity import leads_to
from ecsdeploy.model.report import Condition, Report
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.render.words import count


def headline(report: Report) -> str:
    """What is so, in one sentence."""
    service, runs = report.service, f"{report.service.running}/{report.service.desired}"
    revision = revision_name(service.task_definition) or "it"
    match report.condition:
        case Condition.STEADY if not service.desired:
            return f"STEADY: {revision} is scaled to zero."
        case Condition.STEADY:
            return f"STEADY: {revision} runs {runs} {_noun(service)}."
        case Condition.ROLLED_BACK:
            return f"ROLLED BACK: {revision} runs {runs} {_noun(service)}; {_newest(report)} was taken back."
        case Condition.UNSTEADY:
            starting = f", {service.pending} starting" if service.pending else ""
            return f"UNSTEADY: {revision} runs {runs} {_noun(service)}{starting}; nothing is being deployed."
        case Condition.DEPLOYING:
            return f"DEPLOYING {_coming(service)}{_paused(report)}."
        case Condition.ROLLING_BACK:
            return f"ROLLING BACK to {_goal(report)}."
        case Condition.STUCK:
            return f"STUCK: {_coming(service)}, and it makes no way."
        case Condition.FAILED:
            return f"FAILED: {revision}: {_new(service)}{_others(service)}."
        case Condition.GOING:
            return f"GOING: the service is {service.status}."
        case _ as never:
            assert_never(never)


def tasks(each: Deployment, desired: int | None = None) -> str:
    """`6/10 running, 2 starting, 1 failed`, of as many as the deployment, or the service, wants."""
    pending = f", {each.pending} starting" if each.pending else ""
    failed = f", {each.failed} failed" if each.failed else ""
    return f"{each.running}/{each.desired if desired is None else desired} running{pending}{failed}"


def deployment_of(service: Service, service_revision: str) -> Deployment | None:
    """The deployment with the digits of a service revision, if it is listed still."""
    return next((each for each in service.deployments if leads_to(service_revision, each.id)), None)


def _noun(service: Service) -> str:
    return "task" if service.desired == 1 else "tasks"


def _new(service: Service) -> str:
    return tasks(service.primary, service.desired) if service.primary else f"{count(service.running, 'task')} running"


def _coming(service: Service) -> str:
    """What is on its way in: the primary deployment, or, of CodeDeploy's task sets, which say less, the youngest."""
    primary = service.primary
    if primary is None or not primary.rollout_state:
        dated = ((each.created_at, each) for each in service.deployments if each.created_at)
        primary = max(dated, key=lambda pair: pair[0], default=(None, primary))[1]
    if primary is None:
        return f"{revision_name(service.task_definition) or 'it'}: {count(service.running, 'task')} running"
    return f"{revision_name(primary.task_definition)}: {tasks(primary, service.desired)}"


def _paused(report: Report) -> str:
    newest = report.newest
    return f"; paused at {newest.stage or 'a stage'}" if newest and newest.awaiting else ""


def _others(service: Service) -> str:
    serving = [each for each in service.deployments if each.status != "PRIMARY" and each.running]
    listed = ", ".join(f"{revision_name(each.task_definition)} ({each.running} running)" for each in serving)
    return f"; {listed} serves" if listed else "; nothing else serves"


def _newest(report: Report) -> str:
    """Which revision the newest deployment was of, where the history says so."""
    arn = report.newest.arn if report.newest else ""
    found = next((each.revision for each in report.history if each.arn == arn and each.revision), "")
    return revision_name(found) if found else "the newest deployment"


def _goal(report: Report) -> str:
    newest, service = report.newest, report.service
    goal = deployment_of(service, newest.rollback_revision) if newest else None
    return revision_name(goal.task_definition if goal else service.task_definition)
