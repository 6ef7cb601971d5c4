"""Which deployment of UpdateService's reply is ours."""

from dataclasses import replace

import pytest

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.write.execute import Writer
from ecsdeploy.engine.write.lost_reply import LostWrite, Stood, stood
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import PointService
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import FOREIGN_ID, NEW, NOON, OLD, OLD_ID, OUR_ID, foreign, old, ours, service_with

STOOD = service_with(old(status="PRIMARY"))
SHOWN: dict[str, tuple[str, bool, Service, str]] = {
    "ours": (NEW, False, service_with(ours(), old()), OUR_ID),
    "none that is primary": (NEW, False, service_with(old()), ""),
    "what stood before": (NEW, False, STOOD, ""),
    "somebody else's": (NEW, False, service_with(foreign(), old()), ""),
    "the revision stays, and so does its deployment": (OLD, False, STOOD, OLD_ID),
    "the revision stays by its name": ("web:1", False, STOOD, OLD_ID),
    "the revision stays, and a new one was forced": (OLD, True, STOOD, ""),
    "it was forced": (OLD, True, service_with(replace(foreign(), task_definition=OLD), old()), FOREIGN_ID),
    "the revision stays, and others brought another one": (OLD, False, service_with(foreign(), old()), ""),
}


@pytest.mark.parametrize(("revision", "force", "reply", "ours_is"), SHOWN.values(), ids=SHOWN)
def test_the_reply_to_an_update_shows_ours_or_nothing(revision: str, force: bool, reply: Service, ours_is: str) -> None:
    plane = ScriptedPlane()
    search = LostWrite(
        plane=plane,
        patience=Patience(clock=plane.clock, seconds=60, start=plane.clock.seconds),
        step=PointService(service=WEB, revision=revision, force=force),
        revision=revision,
        before=Stood(ids=(OLD_ID,), revision=OLD),
    )
    assert search.shown(reply) == ours_is


def test_what_was_started_is_told_with_its_revision_and_all_that_stood_before() -> None:
    plane = ScriptedPlane(courses=[[]])
    writer = Writer(plane=plane, patience=Patience(clock=plane.clock, seconds=60, start=plane.clock.seconds))
    before = stood(plane.now)
    assert (before.ids, before.newest, before.revision) == ((OLD_ID,), NOON, OLD)
    service, handle = writer.point_service(PointService(service=WEB, revision=NEW), NEW, before)
    assert service.primary is not None
    assert handle == Handle(deployment_id=service.primary.id, revision=NEW, previous=(OLD_ID,))
