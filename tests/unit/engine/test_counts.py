"""How many tasks there are to be is ECS's word at each look, never ours."""

from dataclasses import replace

from ecsdeploy.model.events import Counts, Progress
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import PointService
from tests.unit.engine.happenings import completes, goes_on
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import old, service_with


def an_instance_joins(service: Service) -> Service:
    """A daemon service runs a task on each instance: now there are three."""
    new, *others = service.deployments
    return replace(service, desired=3, deployments=(replace(new, desired=3, running=2), *others))


def test_f48_a_daemon_service_is_sent_no_count_and_measured_by_its_instances() -> None:
    daemon = replace(service_with(old(status="PRIMARY")), scheduling="DAEMON")
    plane = ScriptedPlane(now=daemon, courses=[[goes_on, an_instance_joins, completes]])
    ran = run(plane)
    assert (ran.status, plane.updates) == (Status.SUCCEEDED, [(PointService(service=WEB), REVISION(2))])
    told = [each.new for each in ran.told.of(Progress)]
    assert Counts(desired=3, running=2) in told
    assert told[-1] == Counts(desired=3, running=3)
