"""All wording about the condition of a service, or of a cluster's services: the first sentence of a status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.identity import leads_to
from ecsdeploy.model.overview import Overview
from ecsdeploy.model.report import Condition, Report
from ecsdeploy.model.service import Deployment, PastDeployment, Service, ServiceDeployment
from ecsdeploy.render.words import count


def headline(report: Report) -> str:
    """The condition of the service, in one sentence."""
    return sentence(report.condition, report.service, report.newest, report.history)


def sentence(  # noqa: C901 - one case for a condition
    condition: Condition,
    service: Service,
    newest: ServiceDeployment | None = None,
    history: Sequence[PastDeployment] = (),
) -> str:
    """The same sentence, from its parts. It says less without `newest` and `history`."""
    runs = f"{service.running}/{service.desired}"
    revision = revision_name(service.task_definition) or "it"
    match condition:
        case Condition.STEADY if not service.desired:
            return f"STEADY: {revision} is scaled to zero."
        case Condition.STEADY:
            return f"STEADY: {revision} runs {runs} {_noun(service)}."
        case Condition.ROLLED_BACK:
            gone = _rolled_back(newest, history)
            return f"ROLLED BACK: {revision} runs {runs} {_noun(service)}; {gone} was rolled back."
        case Condition.UNSTEADY:
            starting = f", {service.pending} starting" if service.pending else ""
            return f"UNSTEADY: {revision} runs {runs} {_noun(service)}{starting}; nothing is being deployed."
        case Condition.DEPLOYING:
            return f"DEPLOYING {_coming(service)}{_paused(newest)}."
        case Condition.FAILING:
            return f"FAILING: {_coming(service)}{_others(service)}; ECS has not ended it."
        case Condition.ROLLING_BACK:
            return f"ROLLING BACK to {_goal(newest, service)}."
        case Condition.STUCK:
            return f"STUCK: {_coming(service)}, and it makes no progress."
        case Condition.FAILED:
            return f"FAILED: {revision}: {_new(service)}{_others(service)}."
        case Condition.GOING:
            return f"GOING: the service is {service.status}."
        case _ as never:
            assert_never(never)


def heading(overview: Overview) -> str:
    """How many services are in which condition, in one sentence. It counts apart those that we could not ask."""
    known = len(overview.services)
    unasked = sum(len(each.services) for each in overview.unasked)
    if not (known or unasked):
        return f"There are no services in the cluster {overview.cluster}."
    by_condition = Counter(each.condition for each in overview.services)
    told = [f"{number} {condition.replace('_', ' ')}" for condition, number in by_condition.items()]
    told += [f"{unasked} could not be asked"] if unasked else []
    more = "; there may be more, as the list could not be read to its end" if overview.unlisted else ""
    return f"{count(known + unasked, 'service')}: {', '.join(told)}{more}."


def tasks(each: Deployment, desired: int | None = None) -> str:
    """`6/10 running, 2 starting, 1 failed`, of `desired` tasks, or else of as many as the deployment wants."""
    pending = f", {each.pending} starting" if each.pending else ""
    failed = f", {each.failed} failed" if each.failed else ""
    return f"{each.running}/{each.desired if desired is None else desired} running{pending}{failed}"


def deployment_of(service: Service, service_revision: str) -> Deployment | None:
    """The deployment of a service revision: both end in the same digits. None if ECS no longer lists it."""
    return next((each for each in service.deployments if leads_to(service_revision, each.id)), None)


def _noun(service: Service) -> str:
    return "task" if service.desired == 1 else "tasks"


def _new(service: Service) -> str:
    return tasks(service.primary, service.desired) if service.primary else f"{count(service.running, 'task')} running"


def _coming(service: Service) -> str:
    """The deployment that comes in, with its tasks: the primary one, or CodeDeploy's youngest task set.

    A task set has no rollout state.
    """
    primary = service.primary
    if primary is None or not primary.rollout_state:
        dated = ((each.created_at, each) for each in service.deployments if each.created_at)
        primary = max(dated, key=lambda pair: pair[0], default=(None, primary))[1]
    if primary is None:
        return f"{revision_name(service.task_definition) or 'it'}: {count(service.running, 'task')} running"
    return f"{revision_name(primary.task_definition)}: {tasks(primary, service.desired)}"


def _paused(newest: ServiceDeployment | None) -> str:
    return f"; paused at {newest.stage or 'a stage'}" if newest and newest.awaiting else ""


def _others(service: Service) -> str:
    serving = [each for each in service.deployments if each.running and not each.is_primary]
    revisions = ", ".join(f"{revision_name(each.task_definition)} ({each.running} running)" for each in serving)
    return f"; {revisions} serves" if revisions else "; nothing else serves"


def _rolled_back(newest: ServiceDeployment | None, history: Sequence[PastDeployment]) -> str:
    """The revision of the newest deployment, if the history has it."""
    arn = newest.arn if newest else ""
    found = next((each.revision for each in history if each.arn == arn and each.revision), "")
    return revision_name(found) if found else "the newest deployment"


def _goal(newest: ServiceDeployment | None, service: Service) -> str:
    goal = deployment_of(service, newest.rollback_revision) if newest else None
    return revision_name(goal.task_definition if goal else service.task_definition)
