"""A release is held to a plan that was made before, by a fingerprint for each of its parts."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.difference import Agreed, Difference, How
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.steps import Plan, PointService, Register, RunTask, StartCodeDeploy, UpdateExpress
from ecsdeploy.plan.agreed import held_to, marks
from ecsdeploy.plan.codedeploy import shown_appspec
from ecsdeploy.plan.diff import fingerprint
from tests.unit.plan.builders import WEB, with_images

KEY, OTHER_KEY = "0" * 32, "1" * 32
PLACE = Place(service="web", cluster="prod", region="eu-west-1", account="111122223333")
CHANGE = ImageChange(container="app", before="app:1", after="app:2")
LEVEL = Difference(member="environment", how=How.ADDED, container="app", name="LEVEL", after="#1234")
COUNT = Difference(member="desiredCount", how=How.CHANGED, before="2", after="3")
POINT = PointService(service=WEB)
PLAN = Plan(
    steps=(Register(definition=with_images(app="app:2")), POINT),
    base="web:1",
    compared="web:1",
    changes=(CHANGE,),
    differences=(LEVEL,),
    resized=(COUNT,),
)
ROUTE = Route(application="web", group="web", container="app", port=80)


def task(*command: str) -> RunTask:
    return RunTask(one_off=OneOff(cluster="prod", container="app", members={"command": command}))


def differing(before: Plan, now: Plan, **elsewhere: Any) -> list[str]:
    agreed = Agreed(key=KEY, marks=marks(before, PLACE, KEY))
    plan = held_to(now, replace(PLACE, **elsewhere), agreed)
    assert all(each.blocking for each in plan.findings)
    return [name for each in plan.findings for name in each.subjects]


def test_the_same_plan_passes_with_any_key() -> None:
    assert differing(PLAN, PLAN) == []
    assert marks(PLAN, PLACE, KEY).keys() == marks(PLAN, PLACE, OTHER_KEY).keys()
    assert marks(PLAN, PLACE, KEY) != marks(PLAN, PLACE, OTHER_KEY)


def test_what_only_has_a_key_is_held_to_nothing() -> None:
    assert held_to(PLAN, PLACE, Agreed(key=KEY)) == PLAN


def test_a_fingerprint_depends_on_its_key() -> None:
    shown = {fingerprint("debug"), fingerprint("debug", KEY), fingerprint("debug", OTHER_KEY)}
    assert len(shown) == 3
    assert all(len(each) == 5 for each in shown)


@pytest.mark.parametrize(
    ("now", "names"),
    [
        ({"base": "web:2"}, ["the definition that the edits start from"]),
        ({"compared": "web:2"}, ["the revision that runs"]),
        ({"steps": (POINT,)}, ["the steps"]),
        ({"steps": (UpdateExpress(service=WEB, arn="web"), POINT)}, ["the steps"]),
        ({"steps": (PLAN.steps[0], replace(POINT, revision="web:1"))}, ["the steps"]),
        ({"steps": (PLAN.steps[0], replace(POINT, force=True))}, ["the steps"]),
        ({"changes": (replace(CHANGE, after="app:3"),)}, ["the image of app"]),
        ({"changes": ()}, ["the image of app"]),
        ({"differences": (replace(LEVEL, after="#4321"),)}, ["environment LEVEL of app"]),
        ({"differences": (LEVEL, replace(LEVEL, name="MORE"))}, ["environment MORE of app"]),
        ({"resized": (replace(COUNT, after="4"),)}, ["desiredCount"]),
        ({"resized": (replace(COUNT, before="1"),)}, ["desiredCount"]),
    ],
)
def test_each_part_that_differs_is_named(now: dict[str, Any], names: list[str]) -> None:
    assert differing(PLAN, replace(PLAN, **now)) == names


@pytest.mark.parametrize("part", ["service", "cluster", "region", "account"])
def test_another_place_is_another_service(part: str) -> None:
    assert differing(PLAN, PLAN, **{part: "other"}) == ["the service"]


def test_a_digest_counts_once_it_was_known() -> None:
    known = replace(PLAN, changes=(replace(CHANGE, digest="sha256:1"),))
    moved = replace(PLAN, changes=(replace(CHANGE, digest="sha256:2"),))
    digest = ["the digest of the image of app"]
    assert (differing(known, known), differing(known, moved), differing(known, PLAN)) == ([], digest, digest)
    assert differing(PLAN, known) == []


def test_the_task_before_a_release_counts_with_its_command() -> None:
    before = replace(PLAN, steps=(PLAN.steps[0], task("migrate"), POINT))
    other = replace(PLAN, steps=(PLAN.steps[0], task("drop"), POINT))
    assert differing(before, before) == []
    assert differing(before, other) == ["the task of --before"]


def test_a_task_after_it_counts_with_its_revision() -> None:
    after = replace(PLAN, after=replace(task(), revision="jobs:1"))
    assert differing(after, after) == []
    assert differing(after, replace(PLAN, after=replace(task(), revision="jobs:2"))) == ["the task of --after"]


def test_what_codedeploy_is_sent_counts() -> None:
    one, other = (
        replace(PLAN, steps=(StartCodeDeploy(service=WEB, route=replace(ROUTE, port=port)),)) for port in (80, 81)
    )
    assert differing(one, one) == []
    assert differing(one, other) == ["the AppSpec"]


def test_a_plan_file_stays_valid_when_the_tool_is_updated() -> None:
    """What is fingerprinted is never written otherwise: a plan that was reviewed would seem to be another one."""
    start = StartCodeDeploy(service=WEB, route=ROUTE)
    marked = marks(replace(PLAN, steps=(*PLAN.steps, start)), PLACE, KEY)
    texts = {
        "the service": "111122223333 eu-west-1 prod web",
        "the revision that runs": "web:1",
        "the definition that the edits start from": "web:1",
        "the steps": "Register   PointService  False StartCodeDeploy  False",
        "the image of app": "app:1 app:2",
        "environment LEVEL of app": "added  #1234",
        "desiredCount": "changed 2 3",
        "the AppSpec": "\n".join(("web", *shown_appspec(start))),
    }
    assert marked == {name: fingerprint(text, KEY) for name, text in texts.items()}


def test_who_runs_it_does_not_count() -> None:
    run = Difference(member="tags", how=How.ADDED, name="ecs-deploy:run", after="1")
    team = replace(run, name="team")
    assert differing(PLAN, replace(PLAN, differences=(LEVEL, run))) == []
    assert differing(PLAN, replace(PLAN, differences=(LEVEL, team))) == ["tags team"]
