"""Turns what ECS says, in the service and in its service deployments, into one observation of our deployment.

We look for our own deployment id. "One deployment is left" and "running equals desired" prove nothing, as both also
hold after ECS has rolled back. A deployment that the list shows complete is complete. In all else the service
deployment outranks the list, which is all that some endpoints have.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ecsdeploy.model.events import Counts
from ecsdeploy.model.identity import leads_to
from ecsdeploy.model.outcome import Share
from ecsdeploy.model.service import Deployment, Service, ServiceDeployment, Task
from ecsdeploy.model.snapshot import Handle, Snapshot
from ecsdeploy.rollout.lines import is_steady_since, tells_completed
from ecsdeploy.rollout.observation import Observation, Standing

_BY_STATUS = {
    "SUCCESSFUL": Standing.COMPLETED,
    "ROLLBACK_SUCCESSFUL": Standing.ROLLED_BACK,
    "ROLLBACK_FAILED": Standing.ROLLBACK_FAILED,
}
"""The standing for a status of the service deployment. We decide STOPPED and rollbacks apart; others: IN_PROGRESS."""
_SHIFTED = ("POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP")
"""The stages in which all production traffic goes to the new revision."""


def observe(snapshot: Snapshot, handle: Handle, *, seen: bool) -> Observation:
    """What a snapshot shows of our deployment. `seen` says that an earlier look has shown it in the list."""
    service, ours = snapshot.service, snapshot.service.deployment(handle.deployment_id)
    deployed = snapshot.service_deployment
    standing = _standing(snapshot, handle, seen=seen or ours is not None)
    new = _counts((ours,) if ours else ())
    return Observation(
        standing=standing,
        reason=_gone(service) if standing is Standing.GONE else _reason(ours, deployed),
        by=_taken_over_by(service, handle),
        serving=_serving(snapshot, handle, standing),
        serves=_serves_together(snapshot, handle, standing),
        rollback_to=_rollback_to(service, handle, deployed),
        will_roll_back=service.will_roll_back,
        new=new,
        old=_counts(tuple(each for each in service.deployments if each.id != handle.deployment_id)),
        stage=deployed.stage if deployed else "",
        traffic=deployed.traffic if deployed else None,
        breaker=_breaker(deployed),
        a_task_runs=_a_task_runs(ours, snapshot),
        healthy=_healthy(ours, snapshot),
        checked=snapshot.checked or bool(service.target_groups) or service.settings.is_checked_unseen,
        settled=deployed is None and _is_settled(ours, service),
        has_traffic=_has_traffic(ours, snapshot),
        service_deployment_arn=deployed.arn if deployed else "",
        alarms=deployed.triggered_alarms if deployed else (),
        proven=deployed is not None,
        awaiting=deployed.awaiting if deployed else (),
        wants_none=ours is not None and not service.desired,
        judgement=snapshot.judgement,
        events=service.events,
    )


def _standing(snapshot: Snapshot, handle: Handle, *, seen: bool) -> Standing:
    """The standing of our deployment by the list of deployments and, if it was read, its service deployment."""
    service, deployed = snapshot.service, snapshot.service_deployment
    if service.is_being_deleted:
        return Standing.GONE
    listed = _standing_in_list(service, handle, seen=seen)
    if deployed is None or listed is Standing.COMPLETED:
        return listed
    if listed is Standing.SUPERSEDED and not _is_still_ours(deployed):
        return Standing.FAILED if _had_failed(service, deployed) else listed
    if deployed.was_stopped:
        return listed if listed is Standing.FAILED else Standing.STOPPED
    return Standing.ROLLING_BACK if deployed.goes_back else _BY_STATUS.get(deployed.status, Standing.IN_PROGRESS)


def _is_still_ours(deployed: ServiceDeployment) -> bool:
    """Whether ours has succeeded, or is or was rolled back, by its service deployment, though another one is primary.

    That other one is then the one that ECS goes back to, or it began after ours had ended.
    """
    return deployed.has_succeeded or deployed.goes_back or deployed.was_rolled_back


def _gone(service: Service) -> str:
    """Our sentence for a service that is being deleted, as ECS gives only a status."""
    return f"The service {service.name} is being deleted: its status is {service.status}."


def _had_failed(service: Service, deployed: ServiceDeployment) -> bool:
    """Whether ours failed, and did so before the primary deployment began: then that one did not supersede it."""
    began, ended = service.primary.created_at if service.primary else None, deployed.finished_at
    tripped = deployed.breaker is not None and deployed.breaker.status == "TRIGGERED"
    failed = deployed.was_stopped and (tripped or bool(deployed.triggered_alarms))
    return failed and began is not None and ended is not None and ended < began


def _standing_in_list(service: Service, handle: Handle, *, seen: bool) -> Standing:
    """The standing of our deployment by the list of deployments and ECS's events alone."""
    ours, primary = service.deployment(handle.deployment_id), service.primary
    if _taken_over_by(service, handle):
        return _ended_first(service, handle) or Standing.SUPERSEDED
    if not seen:
        return Standing.NOT_SEEN
    if ours is not None and ours is primary:
        return _standing_of_primary(ours, service)
    if primary is None:
        return Standing.IN_PROGRESS
    return Standing.ROLLED_BACK if primary.is_complete else Standing.ROLLING_BACK


def _ended_first(service: Service, handle: Handle) -> Standing | None:
    """How ours ended before another deployment replaced it; None if neither the list nor an event shows that.

    A deployment that is replaced keeps the state that it had.
    """
    ours = service.deployment(handle.deployment_id)
    if ours is not None and (ours.is_complete or ours.has_failed):
        return Standing.COMPLETED if ours.is_complete else Standing.FAILED
    completed = any(tells_completed(each, handle.deployment_id) for each in service.events)
    return Standing.COMPLETED if completed else None


def _taken_over_by(service: Service, handle: Handle) -> str:
    """The id of a primary deployment that began after ours; empty if there is none."""
    primary = service.primary
    if primary is None or primary.id in (handle.deployment_id, *handle.previous):
        return ""
    return primary.id


def _standing_of_primary(ours: Deployment, service: Service) -> Standing:
    """The standing of our deployment while it is primary."""
    if ours.is_complete:
        return Standing.COMPLETED
    if ours.has_failed:
        return Standing.FAILED
    steady = _is_settled(ours, service) and is_steady_since(service.events, ours)
    return Standing.COMPLETED if steady else Standing.IN_PROGRESS


def _is_settled(ours: Deployment | None, service: Service) -> bool:
    """Whether all of our tasks run, and no others, in a deployment that ECS gives no state.

    Only counts and events say then whether it is complete. A Classic load balancer makes ECS give no state:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    if ours is None or ours.rollout_state or service.deployments != (ours,):
        return False
    return ours.running == ours.desired >= service.desired and not ours.pending


def _reason(ours: Deployment | None, deployed: ServiceDeployment | None) -> str:
    if deployed is not None and (deployed.rollback_reason or deployed.reason):
        return deployed.rollback_reason or deployed.reason
    return ours.rollout_reason if ours is not None else ""


def _serving(snapshot: Snapshot, handle: Handle, standing: Standing) -> str:
    """The revision whose tasks serve in place of ours: that of the first other deployment with running tasks.

    It is our own revision once that has all traffic. Empty if our deployment has completed, if the service is gone, or
    if no other task runs.
    """
    service, deployed = snapshot.service, snapshot.service_deployment
    if standing in (Standing.COMPLETED, Standing.GONE):
        return ""
    if deployed is not None and deployed.traffic == 100 and standing is Standing.IN_PROGRESS:
        return handle.revision
    others = [each for each in service.deployments if each.id != handle.deployment_id and each.running]
    return others[0].task_definition if others else ""


def _serves_together(snapshot: Snapshot, handle: Handle, standing: Standing) -> tuple[Share, ...]:
    """The running tasks by revision, the most first: in a rolling deployment all of them may serve.

    Empty if the tasks of one other revision run alone, which `serving` names, and if traffic is shifted.
    """
    service = snapshot.service
    if service.shifts_traffic or standing in (Standing.COMPLETED, Standing.GONE, Standing.ROLLED_BACK):
        return ()
    running = Counter[str]()
    for each in service.deployments:
        running[each.task_definition] += each.running
    checked = snapshot.checked or bool(service.target_groups)
    shares = tuple(
        Share(revision=revision, running=count, checked=checked and revision == handle.revision)
        for revision, count in running.most_common()
        if count
    )
    return shares if len(shares) > 1 or running[handle.revision] else ()


def _rollback_to(service: Service, handle: Handle, deployed: ServiceDeployment | None) -> str:
    """The revision that ECS goes back to: that of the deployment which it names, or has made primary again."""
    revision = deployed.rollback_revision if deployed else ""
    named = (each for each in service.deployments if leads_to(revision, each.id))
    primary = service.primary if service.primary and service.primary.id in handle.previous else None
    target = next(named, primary)
    return target.task_definition if target else ""


def _counts(deployments: tuple[Deployment, ...]) -> Counts:
    """The counts of the deployments, added up."""
    return Counts(
        desired=sum(each.desired for each in deployments),
        running=sum(each.running for each in deployments),
        pending=sum(each.pending for each in deployments),
        failed=sum(each.failed for each in deployments),
    )


def _breaker(deployed: ServiceDeployment | None) -> str:
    """The circuit breaker's count, such as `2/3`; empty if it is off or not known."""
    if deployed is None or deployed.breaker is None or deployed.breaker.status == "DISABLED":
        return ""
    return f"{deployed.breaker.failures}/{deployed.breaker.threshold}"


def _a_task_runs(ours: Deployment | None, snapshot: Snapshot) -> bool:
    """Whether a task of ours runs; it must be HEALTHY too if containers have health checks and we could read tasks."""
    if snapshot.checked and snapshot.tasks is not None:
        return any(_is_well(each, snapshot) for each in snapshot.tasks)
    return ours is not None and ours.running > 0


def _healthy(ours: Deployment | None, snapshot: Snapshot) -> bool:
    """Whether all tasks that ECS wants of our deployment run and pass the checks of containers and load balancers."""
    if ours is None or not ours.desired or ours.running < max(ours.desired, snapshot.service.desired):
        return False
    if snapshot.service.settings.is_checked_unseen:
        return is_steady_since(snapshot.service.events, ours)
    if not snapshot.checked and not snapshot.service.target_groups:
        return True
    well = [each for each in snapshot.tasks or () if _is_well(each, snapshot)]
    groups = snapshot.service.target_groups
    if len(snapshot.targets) != len(groups) or len(well) < ours.desired:
        return False
    # If traffic is shifted, target groups come in pairs, and our tasks are in one of each pair.
    needed = (len(groups) + 1) // 2 if snapshot.service.shifts_traffic else len(groups)
    running = max(snapshot.service.running, snapshot.lately_running)
    return sum(_serves(well, each, running) for each in snapshot.targets) >= needed


def _has_traffic(ours: Deployment | None, snapshot: Snapshot) -> bool:
    """Whether all production traffic goes to the new revision.

    It does once the shift is over or, in a rolling deployment, once our tasks are healthy and no others run.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
    """
    service, deployed = snapshot.service, snapshot.service_deployment
    if service.shifts_traffic:
        return deployed is not None and deployed.stage in _SHIFTED and deployed.traffic in (None, 100)
    others = sum(each.running for each in service.deployments if each is not ours)
    return not others and _healthy(ours, snapshot)


def _is_well(task: Task, snapshot: Snapshot) -> bool:
    return task.runs and (task.health == "HEALTHY" or not snapshot.checked)


def _serves(tasks: Sequence[Task], targets: Mapping[str, str], running: int) -> bool:
    """Whether the load balancer finds each of the tasks healthy.

    A task without an address of its own is reached through its instance, and we cannot tell its target. Then there must
    be a healthy target for each of the service's `running` tasks, the old and those that have just begun to stop too.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    healthy = [target for target, state in targets.items() if state == "healthy"]
    if any(not each.addresses for each in tasks):
        return len(healthy) >= running
    addresses = {target.rsplit(":", 1)[0] for target in healthy}
    return all(addresses.intersection(each.addresses) for each in tasks)
