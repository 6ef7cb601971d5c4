"""What the simulator's page shows of a world."""

import pytest

from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.page.words import clock_of, grown, lasted
from tests.unit.sim.builders import REPOSITORY, call, deploy, image, the_service, update, world
from tests.unit.sim.pages import Page, shown

CANARY = (
    "desired = 4\nload_balancer = { health_interval = 10 }\n"
    'deployment = { strategy = "CANARY", canary_configuration = { canary_percent = 20 } }'
)
EVIL = '<script>alert("1")</script>'


def _wait(w: World, seconds: float) -> Page:
    w.clock.sleep(seconds)
    return shown(w)


def test_a_service_shows_its_counts_its_bounds_and_its_revision() -> None:
    page = shown(world("desired = 4"))
    assert "prod/web ACTIVE desired 4 running 4 pending 0 healthy 4 at least 4 healthy, at most 8 tasks" in page.text
    assert "web:1 registry.example.com/team/web:1" in page.text
    assert "100 % of healthy tasks" in page.text


def test_a_rollout_shows_both_revisions_and_what_becomes_of_their_tasks() -> None:
    w = world("desired = 2")
    deploy(w)
    page = _wait(w, 20)
    assert "ROLLING service deployment, begun at +0:00 IN_PROGRESS" in page.text
    assert "web:2 registry.example.com/team/web:2 IN_PROGRESS 2 0 2 0 0 % of healthy tasks" in page.text
    lives = [given["aria-label"] for given in page.with_class("life")]
    assert lives == ["RUNNING 22 h", "RUNNING 22 h", *["PROVISIONING 4 s, PENDING 7 s, PULLING 4 s"] * 2]
    assert "PENDING" in page.text
    assert "+0:05 has started 2 tasks" in page.text


def test_a_state_is_told_in_words_and_not_by_colour_alone() -> None:
    w = world("desired = 1")
    deploy(w)
    page = _wait(w, 60)
    for given in page.with_class("life"):
        assert given["role"] == "img"
        assert given["aria-label"]
    assert page.texts.count("RUNNING") >= 2


def test_weights_are_shown_where_traffic_is_shifted() -> None:
    w = world(CANARY)
    deploy(w)
    page = _wait(w, 180)
    assert "20 % of production traffic 100 % of test traffic" in page.text
    assert "80 % of production traffic 0 % of test traffic" in page.text
    assert "Stage PRODUCTION_TRAFFIC_SHIFT" in page.text


def test_a_task_that_ended_says_why() -> None:
    w = world('desired = 1\ndeployment = { circuit_breaker = "rollback" }', image('run = "exit"\nafter = 1'))
    deploy(w)
    page = _wait(w, 60)
    assert "EssentialContainerExited: Essential container in task exited" in page.text
    assert "Circuit breaker MONITORING, 1 of 3 failures" in page.text


def test_calls_are_listed_with_the_errors_they_met() -> None:
    w = world("desired = 1", '[[api]]\noperation = "ListTasks"\nerror = "ThrottlingException"')
    call(w, "ListClusters")
    with pytest.raises(Exception, match="Rate exceeded"):
        call(w, "ListTasks", cluster="prod")
    page = shown(w)
    assert "ListTasks ThrottlingException +0:00 ecs ListClusters" in page.text


def test_names_events_and_log_lines_are_text_and_never_markup() -> None:
    lines = image(f"logs = ['{EVIL}']")
    head = f"name = '{EVIL}'\nsummary = '{EVIL}'\n"
    scenario = f"{head}[[services]]\ncluster = 'prod'\nname = 'web'\nimage = '{REPOSITORY}:1'\n{lines}"
    w = World(parse_scenario(scenario))
    deploy(w)
    w.settle()
    service = the_service(w)
    service.events.append(("id", w.clock.time(), EVIL))
    page = shown(w)
    assert page.text.count(EVIL) == 5
    assert [given.get("src") for tag, given in page.tags if tag == "script"] == ["/_simulator/page.js"]


def test_one_service_can_be_looked_at_alone() -> None:
    more = '[[services]]\ncluster = "prod"\nname = "api"\nimage = "registry.example.com/team/api:1"'
    both, one = shown(world("desired = 1", more)), shown(world("desired = 1", more), "?service=prod/api")
    assert ("prod/web" in both.text, "prod/api" in both.text) == (True, True)
    assert ("prod/web" in one.text, "prod/api" in one.text) == (False, True)


def test_a_thousand_services_make_a_page_of_bounded_size() -> None:
    many = "".join(
        f'[[services]]\ncluster = "prod"\nname = "s{number}"\ndesired = 40\nimage = "a.example.com/s:1"\n'
        for number in range(50)
    )
    page = shown(World(parse_scenario(many)))
    assert "and 42 more services" in page.text
    assert "and 16 more tasks" in page.text
    assert len(page.html) < 200_000


def test_what_is_shown_changes_nothing() -> None:
    looked_at, left_alone = world("desired = 2", seed=3), world("desired = 2", seed=3)
    for w in (looked_at, left_alone):
        update(w, forceNewDeployment=True)
        for _ in range(20):
            w.clock.sleep(7)
            if w is looked_at:
                shown(w)
    assert list(the_service(looked_at).events) == list(the_service(left_alone).events)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "+0:00"), (65, "+1:05"), (3661, "+1:01:01"), (-90, "-1:30"), (-79200, "-22:00:00")]
)
def test_the_clock_counts_from_the_beginning_of_the_world(seconds: float, text: str) -> None:
    assert clock_of(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(-10, "-0:10"), (-79200, "-22 h"), (-200_000, "-2 d"), (70, "+1:10")])
def test_what_was_long_before_is_told_roughly(seconds: float, text: str) -> None:
    assert grown(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(4.2, "4 s"), (119, "119 s"), (600, "10 min"), (10_800, "3 h")])
def test_lengths_of_time_are_short(seconds: float, text: str) -> None:
    assert lasted(seconds) == text
