"""Service deployments: how one starts, completes, fails, is superseded, is stopped, or rolls back.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from __future__ import annotations

from ecsdeploy.sim.deployments.eventbridge import tell_deployment
from ecsdeploy.sim.deployments.failures import NO_CANDIDATE, ROLLED_BACK, Failure, alarmed
from ecsdeploy.sim.deployments.steps import forward, turn_back
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.ground.timings import (
    AFTER_CHANGE,
    DEPLOYMENT_STARTS,
    SAME_MOMENT,
    SUPERSEDED_ENDS,
)
from ecsdeploy.sim.services.legal.configuration import TRIGGERS
from ecsdeploy.sim.state.definitions import Definition, ServiceRevision
from ecsdeploy.sim.state.event_texts import STEADY, say, say_of
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Deployment, Service, ServiceDeployment
from ecsdeploy.sim.traffic import alarms, balancing

STOPPED_BY_USER = "it was stopped by the user."
_RUNNING = ("PENDING", "IN_PROGRESS")


def current(service: Service) -> ServiceDeployment | None:
    """The service deployment that has not ended. None if there is none."""
    last = service.history[-1] if service.history else None
    return last if last is not None and not last.ended else None


def start(region: Region, service: Service, definition: Definition) -> Deployment:
    """Begin a deployment of `definition` with the service's present settings. It supersedes the one in progress."""
    superseded, former_deployments = current(service), list(service.deployments)
    deployment = new_deployment(region, service, definition)
    for former in former_deployments:
        if former.status == "PRIMARY":
            former.status = "ACTIVE"
            former.updated_at = region.now
    record = new_record(region, service, deployment, [d.revision for d in former_deployments])
    _set_course(service, record, superseded)
    service.deployments.insert(0, deployment)
    if superseded is not None:
        _supersede(region, superseded)
    region.clock.after(DEPLOYMENT_STARTS, lambda: _go(region, service, record))
    region.clock.after(region.switches.attached_after, lambda: _attach(service, record))
    tell_deployment(region, service, deployment, "IN_PROGRESS")
    service.steady, service.attached = False, None
    service.said.clear()
    wake(region, service, AFTER_CHANGE)
    return deployment


def _set_course(service: Service, record: ServiceDeployment, superseded: ServiceDeployment | None) -> None:
    """Decide behind which target groups the new revision goes, and the steps of a deployment that shifts traffic.

    The serving deployment (blue) is the last that completed, or the one that a rollback is going back to. If several
    revisions are ACTIVE, ECS reconciles the service first.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
    """
    rolling_back = superseded is not None and superseded.rollback is not None
    blue = service.last_completed or (service.primary if rolling_back else None)
    shifts = record.strategy != "ROLLING"
    revision = record.deployment.revision
    managed = bool(balancing.managed(revision.settings))
    beside = bool(blue and blue.revision.alternate)
    revision.alternate = managed and blue is not None and beside != shifts
    if shifts:
        record.course = Course(
            green=record.deployment,
            blue=blue,
            steps=forward(record.configuration, reconcile=len(service.deployments) > 1),
            managed=managed,
        )


def new_deployment(region: Region, service: Service, definition: Definition) -> Deployment:
    """A PRIMARY deployment and its service revision. Their ids end in the same digits."""
    number = region.ids.number()
    revision_arn = arn("service-revision", service.cluster.name, service.name, number)
    revision = ServiceRevision(revision_arn, definition, dict(service.settings), region.now)
    service.revisions[revision.arn] = revision
    deployment = Deployment(f"ecs-svc/{number}", revision, region.now, region.now)
    deployment.rollout_reason = f"ECS deployment {deployment.id} in progress."
    return deployment


def new_record(
    region: Region, service: Service, deployment: Deployment, sources: list[ServiceRevision]
) -> ServiceDeployment:
    """Add a service deployment, PENDING, to the history of its service."""
    record = ServiceDeployment(
        arn=arn("service-deployment", service.cluster.name, service.name, region.ids.suffix()),
        sources=sources,
        deployment=deployment,
        configuration=service.settings["deploymentConfiguration"],
        created_at=region.now,
        updated_at=region.now,
    )
    service.history.append(record)
    return record


def _go(region: Region, service: Service, record: ServiceDeployment) -> None:
    if record.status == "PENDING":
        move(region, record, "IN_PROGRESS")
        record.started_at = region.now
        alarms.watch(region, record, lambda: fail(region, service, alarmed(record.configuration)))


def _attach(service: Service, record: ServiceDeployment) -> None:
    if current(service) is record:
        service.attached = record.arn


def move(region: Region, record: ServiceDeployment, status: str, reason: str | None = None) -> None:
    """Set the status of a service deployment, with the time."""
    record.status, record.updated_at = status, region.now
    record.reason = reason or record.reason
    if record.course is not None and status != "IN_PROGRESS":
        record.course.halt()
    if record.ended:
        record.finished_at = region.now
        if status == "STOPPED":
            record.stopped_at = region.now
        _stop_monitoring(record)


def _stop_monitoring(record: ServiceDeployment) -> None:
    if record.breaker_status == "MONITORING":
        record.breaker_status = "MONITORING_COMPLETE"
    alarms.look_away(record)


def _supersede(region: Region, record: ServiceDeployment) -> None:
    """Stop the deployment in progress for a newer one. If it was rolling back, its rollback has failed."""
    reason = region.switches.superseded_reason
    if record.course is not None:
        balancing.restore(region, record.course)
    if record.status == "ROLLBACK_IN_PROGRESS":
        move(region, record, "ROLLBACK_FAILED", reason)
        return
    stop_record(region, record, reason)


def stop_record(region: Region, record: ServiceDeployment, reason: str) -> None:
    """Request the stop of a service deployment. It is STOPPED a moment later."""
    move(region, record, "STOP_REQUESTED", reason)
    region.clock.after(SUPERSEDED_ENDS, lambda: move(region, record, "STOPPED"))


def complete(region: Region, service: Service, *, full: bool = True) -> None:
    """Complete the deployment. If not `full`, it completes early: tasks may still have to start or stop."""
    primary, record = service.primary, current(service)
    primary.rollout_state = "COMPLETED"
    primary.rollout_reason = f"ECS deployment {primary.id} completed."
    primary.updated_at = region.now
    service.last_completed = primary
    service.deployments[1:] = [] if full else [d for d in service.sources if d.tasks]
    if record is not None:
        _succeed(region, service, record)
    say_of(region, service, primary, "deployment completed.")
    tell_deployment(region, service, primary, "COMPLETED")
    if full:
        reach_steady_state(region, service, later=SAME_MOMENT)


def _succeed(region: Region, service: Service, record: ServiceDeployment) -> None:
    move(region, record, "SUCCESSFUL" if record.rollback is None else "ROLLBACK_SUCCESSFUL")
    service.attached = None


def reach_steady_state(region: Region, service: Service, *, later: float = 0.0) -> None:
    """Say that the service has reached a steady state."""
    service.steady = True
    service.said[STEADY] = region.now
    say(region, service, STEADY, later=later)


def fail(region: Region, service: Service, failure: Failure) -> None:
    """Fail the deployment in progress.

    ECS rolls back if the service is configured so and a completed deployment exists. Else it stops launching tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html
    """
    primary, record = service.primary, current(service)
    primary.rollout_state, primary.rollout_reason = "FAILED", failure.reason
    primary.updated_at = region.now
    say_of(region, service, primary, f"deployment failed: {failure.said}")
    tell_deployment(region, service, primary, "FAILED")
    if record is None:
        return
    if record.rollback is not None:
        move(region, record, "ROLLBACK_FAILED", f"Service deployment rollback failed because {failure.because}")
    elif failure.rollback and service.last_completed is not None:
        roll_back(region, service, service.last_completed, failure.mechanism, failure.because)
    elif failure.rollback and record.course is not None:
        move(region, record, "ROLLBACK_FAILED", NO_CANDIDATE)
    else:
        stop_record(region, record, f"Service deployment stopped because {failure.because}")


def roll_back(region: Region, service: Service, earlier: Deployment, mechanism: str, because: str) -> None:
    """Make the last completed deployment PRIMARY again, under its own id.

    ECS makes no new revision and no new service deployment for this.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html
    """
    service.primary.status, earlier.status = region.switches.failed_status, "PRIMARY"
    service.deployments = [earlier, *(d for d in service.deployments if d is not earlier)]
    earlier.rollout_state, earlier.updated_at = "IN_PROGRESS", region.now
    earlier.rollout_reason = f"ECS deployment {mechanism}: rolling back to deploymentId {earlier.id}."
    earlier.failures = earlier.failed_tasks = earlier.rounds = earlier.looks = 0
    service.last_completed = None
    _restore_settings(service, earlier)
    why, record = f"{ROLLED_BACK} {because}", service.history[-1]
    move(region, record, "ROLLBACK_IN_PROGRESS", why)
    if record.course is not None:
        turn_back(record.course)
    record.rollback = {"reason": why, "startedAt": region.now, "serviceRevisionArn": earlier.revision.arn}
    say(region, service, f"rolling back to deployment {earlier.id}.", later=SAME_MOMENT)
    tell_deployment(region, service, earlier, "IN_PROGRESS")
    wake(region, service, AFTER_CHANGE)


def _restore_settings(service: Service, earlier: Deployment) -> None:
    """Take back the settings that belong to the service revision. Bounds and counts belong to the service, and stay."""
    own = {name: value for name, value in service.settings.items() if name not in TRIGGERS}
    fixed = {name: value for name, value in earlier.revision.settings.items() if name in TRIGGERS}
    service.settings = own | fixed


def stop_by_user(region: Region, service: Service, record: ServiceDeployment) -> None:
    """StopServiceDeployment with ROLLBACK. A rollback in progress goes on.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
    """
    if record.status in _RUNNING:
        move(region, record, "ROLLBACK_REQUESTED")
        region.clock.after(DEPLOYMENT_STARTS, lambda: _obey_stop(region, service, record))


def abort(region: Region, service: Service, record: ServiceDeployment) -> None:
    """StopServiceDeployment with ABORT, under the switch `abort`: the deployment ends where it is."""
    if record.status in _RUNNING:
        _note_stopped(region, service.primary)
        stop_record(region, record, f"Service deployment stopped because {STOPPED_BY_USER}")


def _note_stopped(region: Region, deployment: Deployment) -> None:
    deployment.rollout_state, deployment.updated_at = "FAILED", region.now
    deployment.rollout_reason = f"ECS deployment {deployment.id} was stopped by the user."


def _obey_stop(region: Region, service: Service, record: ServiceDeployment) -> None:
    if record.status != "ROLLBACK_REQUESTED":
        return
    _note_stopped(region, service.primary)
    if service.last_completed is None:
        move(region, record, "STOPPED", f"Service deployment stopped because {STOPPED_BY_USER}")
    else:
        roll_back(region, service, service.last_completed, "stopped by user", STOPPED_BY_USER)
