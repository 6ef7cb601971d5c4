"""`rehearse --report FILE`: one page about a release that nobody has made."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.sim import World
from tests.cli.test_report import no_full_disk
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, play, service, surroundings
from tests.foreign.course import Shape
from tests.foreign.driving import KEYS
from tests.foreign.driving import WEB as FOREIGN
from tests.foreign.generated import Case
from tests.foreign.shapes import IMAGE

BREAKER = {"circuit_breaker": "rollback"}
FAULTS = ("--fault=crash-loop", "--fault=crash-later", "--fault=target-unhealthy")


def _rehearsed(world: World, folder: Path, *words: str, report: str = "plan.html") -> Played:
    return play(world, ("rehearse", *WEB, "--image", NEW, *words, "--report", report), surroundings(folder))


def _page(world: World, folder: Path, *words: str) -> str:
    _rehearsed(world, folder, *words)
    return (folder / "plan.html").read_text(encoding="utf-8")


def test_the_page_says_that_it_is_a_prediction_and_what_would_serve_under_each_fault(tmp_path: Path) -> None:
    page = _page(a_world(service(desired=3, deployment=BREAKER)), tmp_path, *FAULTS)
    assert "<title>Prediction: " in page
    assert "This is a prediction of a simulator. Nothing was released." in page
    assert f"<code>{NEW}</code>" in page
    assert "3 at least" in page
    assert "6 at most" in page
    assert page.count("<svg ") == 2 * (1 + 2)
    for text in ("crash-loop", "the old version serves", "no load balancer checks its tasks", "nothing serves"):
        assert text in page
    for bad in ("<script", "http:", "https:", " style=", "javascript:"):
        assert bad not in page


def test_the_page_has_the_deadlock_and_the_check_that_would_refuse_it(tmp_path: Path) -> None:
    bounds = {"minimum_healthy_percent": 100, "maximum_percent": 100}
    page = _page(a_world(service(desired=1, deployment=bounds)), tmp_path)
    assert '<body class="is-bad predicted">' in page
    assert "Deadlock: 1 of 1 tasks must stay healthy and at most 1 may exist" in page
    assert "Prediction: would be refused" in page


def test_stages_and_traffic_are_drawn(tmp_path: Path) -> None:
    deployment = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1}
    page = _page(a_world(service(load_balancer={}, deployment=deployment)), tmp_path, "--timeout", "20m")
    assert "<title>bake time</title>" in page
    assert "production traffic to the new revision" in page


def test_no_account_and_no_id_of_the_simulated_world_stands_there(tmp_path: Path) -> None:
    world = Case(shape=Shape(desired=2, breaker=True)).play().world
    around = replace(surroundings(tmp_path), variables=KEYS, transport=world.transport, clock=world)
    faults = ("--fault=crash-loop", "--fault=no-capacity", "--fault=never-starts")
    words = ("rehearse", *FOREIGN, "--image", IMAGE, *faults, "--output", "json", "--report", "plan.html")
    assert main(words, around) == 0
    assert isinstance(around.stdout, io.StringIO)
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "us-west-2" in page
    for said in (page, around.stdout.getvalue()):
        assert said.count("123456789012") == 1, "the account of the service itself"
        for simulated in ("us-east-1", "ecs-svc/", "running/", "arn:aws:"):
            assert simulated not in said


def test_what_others_wrote_is_text_alone(tmp_path: Path) -> None:
    containers = [{"name": "app", "image": OLD, "environment": {"TOKEN": "xyzzy-plugh"}}]
    world = a_world(service(containers=containers))
    page = _page(world, tmp_path, "--image", "registry.example.com/team/web:2")
    assert "xyzzy-plugh" not in page


@no_full_disk
@pytest.mark.parametrize("report", ["/dev/full", "no/dir.html"])
def test_a_page_that_cannot_be_written_is_exit_1_after_the_screen(report: str, tmp_path: Path) -> None:
    played = _rehearsed(a_world(), tmp_path, report=report)
    assert played.code == 1
    assert "Rehearsed: it would succeed" in played.stdout
    assert f"The report of `--report`, `{report}`, cannot be written" in played.stderr
