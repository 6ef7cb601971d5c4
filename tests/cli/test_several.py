"""Several services on one command line: checked before anything is written, one verdict, and all back if one fails."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.model.values import replace
from ecsdeploy.sim import World
from tests.cli import worlds

NAMES = ("web", "worker", "cron")
ALL = ("-c", "prod", *(word for name in NAMES for word in ("-n", name)))
APP = ("--image", "team/app:2")
BACK = ("--on-failure", "rollback")


def three(*more: str, **services: dict[str, object]) -> World:
    """Three services of one image; `services` says what is different about one of them."""
    told = {name: {"name": name, "image": "team/app:1"} | services.get(name, {}) for name in NAMES}
    return worlds.a_world(*(worlds.service(**each) for each in told.values()), *more)


def lines_of(played: worlds.Played) -> list[dict[str, Any]]:
    return [json.loads(line) for line in played.stdout.splitlines()]


def deploy(world: World, *words: str) -> tuple[worlds.Played, list[dict[str, Any]]]:
    played = worlds.play(world, ("deploy", *ALL, *words, "--output", "json"))
    return played, lines_of(played)


def running(world: World) -> list[str]:
    return [image for name in NAMES for image in worlds.running_images(world, name)]


def statuses(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {each["name"]: each["status"] for each in lines[-1]["services"]}


def times_of(lines: list[dict[str, Any]], kind: str) -> Iterator[tuple[str, str]]:
    return ((each["service"], each["time"]) for each in lines if each["type"] == kind)


def test_all_are_released_with_one_verdict() -> None:
    world = three()
    played, lines = deploy(world, *APP)
    assert played.code == 0
    assert lines[-1]["type"] == "release_result"
    assert statuses(lines) == dict.fromkeys(NAMES, "succeeded")
    assert running(world) == ["team/app:2"] * 3
    assert len({each["release"] for each in lines}) == 1
    assert [each["seq"] for each in lines] == [*range(1, len(lines) + 1)]
    assert sum(each["type"] == "result" for each in lines) == 3


def test_reads_of_several_services_share_a_call() -> None:
    world = three()
    deploy(world, *APP)
    asked = [len(call.request["services"]) for call in world.calls if call.operation == "DescribeServices"]
    assert max(asked) == 3


def test_nothing_is_written_if_one_service_does_not_fit() -> None:
    world = three(cron={"image": "team/cron:1"})
    played, lines = deploy(world, *APP, *BACK)
    assert played.code == 26
    assert statuses(lines) == dict.fromkeys(NAMES, "refused")
    assert not {call.operation for call in world.calls} & {"RegisterTaskDefinition", "UpdateService"}
    assert "team/app`" in lines[-1]["services"][2]["error"]
    assert "`cron`" in lines[-1]["services"][0]["error"]


def test_each_image_goes_where_it_fits() -> None:
    world = three(cron={"image": "team/cron:1"})
    played, _ = deploy(world, *APP, "--image", "team/cron:5")
    assert played.code == 0
    assert running(world) == ["team/app:2", "team/app:2", "team/cron:5"]


def test_all_go_back_if_one_fails() -> None:
    world = three(worlds.behaves("team/bad:2", run="exit", exit_code=1, after=4), worker={"image": "team/bad:1"})
    played, lines = deploy(world, *APP, "--image", "team/bad:2", *BACK)
    assert played.code == 21
    assert statuses(lines) == dict.fromkeys(NAMES, "rolled_back")
    assert running(world) == ["team/app:1", "team/bad:1", "team/app:1"]
    causes = {each["service"]: each["cause"]["code"] for each in lines if each["type"] == "result"}
    assert causes == {"web": "E-TAKEN-BACK", "worker": "E-CONTAINER-EXIT", "cron": "E-TAKEN-BACK"}


def test_those_that_succeeded_stay_if_only_the_failed_ones_are_to_go_back() -> None:
    world = three(worlds.behaves("team/bad:2", run="exit", exit_code=1, after=4), worker={"image": "team/bad:1"})
    played, lines = deploy(world, *APP, "--image", "team/bad:2", "--on-failure", "rollback-failed")
    assert played.code == 21
    assert statuses(lines) == {"web": "succeeded", "worker": "rolled_back", "cron": "succeeded"}


def test_the_canary_goes_first_alone() -> None:
    world = three()
    played, lines = deploy(world, *APP, "--canary", "worker")
    assert played.code == 0
    began, ended = dict(times_of(lines, "started")), dict(times_of(lines, "concluded"))
    assert ended["worker"] <= min(began["web"], began["cron"])


def test_no_other_begins_after_the_canary_failed() -> None:
    world = three(worlds.behaves("team/bad:2", run="exit", exit_code=1, after=4), worker={"image": "team/bad:1"})
    played, lines = deploy(world, *APP, "--image", "team/bad:2", "--canary", "worker", *BACK)
    assert played.code == 21
    assert statuses(lines) == {"web": "refused", "worker": "rolled_back", "cron": "refused"}
    assert [name for name, _ in times_of(lines, "started")] == ["worker"]


def test_a_pattern_means_all_that_fit_it() -> None:
    world = three()
    played = worlds.play(world, ("deploy", "-n", "prod/w*", *APP, "--output", "json"))
    assert played.code == 0
    assert [*statuses(lines_of(played))] == ["web", "worker"]


def test_a_pattern_that_nothing_fits_is_refused() -> None:
    world = three()
    played = worlds.play(world, ("deploy", "-c", "prod", "-n", "api-*", *APP))
    assert played.code == 26
    assert "No service of the cluster `prod` has a name like `api-*`." in played.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--canary", "wbe"), "`--canary` names `wbe`, which is none of the services."),
        (("--smoke", "true"), "`--smoke` is about one service, and 3 are named."),
        (("--max-parallel", "0"), "`--max-parallel` must be"),
    ],
)
def test_what_has_no_meaning_for_several_is_refused_before_a_write(words: tuple[str, ...], said: str) -> None:
    world = three()
    played = worlds.play(world, ("deploy", *ALL, *APP, *words))
    assert played.code == 64
    assert said in played.stderr
    assert not {call.operation for call in world.calls} & {"RegisterTaskDefinition", "UpdateService"}


def test_lines_name_the_service_they_are_about() -> None:
    played = worlds.play(three(), ("deploy", *ALL, *APP))
    assert played.code == 0
    assert "worker | 12:" in played.stderr
    assert "  cron    succeeded" in played.stderr


def test_rollback_takes_several() -> None:
    world = three()
    assert deploy(world, *APP)[0].code == 0
    played = worlds.play(world, ("rollback", *ALL, "--output", "json"))
    assert played.code == 0
    assert running(world) == ["team/app:1"] * 3


@pytest.mark.parametrize(
    "words", [("plan",), ("plan", "--output", "markdown"), ("deploy", "--dry-run"), ("plan", "--output", "json")]
)
def test_a_plan_of_several_writes_nothing(words: tuple[str, ...]) -> None:
    world = three()
    played = worlds.play(world, (words[0], *ALL, *APP, *words[1:]))
    assert played.code == 0
    assert not {call.operation for call in world.calls} & {"RegisterTaskDefinition", "UpdateService"}
    assert all(f"{name}:1" in played.stdout for name in NAMES)


def test_a_plan_that_changes_something_has_its_exit_code() -> None:
    assert worlds.play(three(), ("plan", *ALL, *APP, "--exit-code")).code == 2
    assert worlds.play(three(), ("plan", *ALL, "--image", "team/app:1", "--exit-code")).code == 0


def test_a_rollback_that_is_only_planned_writes_nothing() -> None:
    world = three()
    assert deploy(world, *APP)[0].code == 0
    before = len(world.calls)
    assert worlds.play(world, ("rollback", *ALL, "--dry-run")).code == 0
    assert not {call.operation for call in world.calls[before:]} & {"RegisterTaskDefinition", "UpdateService"}


def test_a_record_is_refused() -> None:
    played = worlds.play(three(), ("deploy", *ALL, *APP, "--record", "run.record"))
    assert played.code == 64
    assert "A run of several services cannot be recorded." in played.stderr


def test_one_that_is_deployed_already_by_others_holds_up_nobody() -> None:
    """`web` is being moved to the same image, and is followed; the others need not wait for its end."""
    world = three()
    assert worlds.play(world, ("deploy", "-c", "prod", "-n", "web", *APP, "--detach")).code == 0
    played, lines = deploy(world, *APP, "--skip-unchanged")
    assert played.code == 0
    began, ended = dict(times_of(lines, "started")), dict(times_of(lines, "concluded"))
    assert began["worker"] < ended["web"]


def test_a_rollback_of_several_goes_on_if_there_is_nothing_to_go_back_to_for_one() -> None:
    world = three()
    assert worlds.play(world, ("deploy", "-c", "prod", "-n", "web", "-n", "cron", *APP)).code == 0
    played = worlds.play(world, ("rollback", *ALL, "--output", "json"))
    assert played.code == 26
    assert statuses(lines_of(played)) == {"web": "succeeded", "worker": "refused", "cron": "succeeded"}
    assert running(world) == ["team/app:1"] * 3


def test_stop_takes_several() -> None:
    world = three()
    assert worlds.play(world, ("deploy", *ALL, *APP, "--detach")).code == 0
    played = worlds.play(world, ("stop", *ALL, "--output", "json"))
    assert played.code == 21
    assert running(world) == ["team/app:1"] * 3


def failing() -> World:
    return three(worlds.behaves("team/bad:2", run="exit", exit_code=1, after=4), worker={"image": "team/bad:1"})


FAILING = (*APP, "--image", "team/bad:2", *BACK)


def test_a_github_job_gets_an_error_a_failed_service_one_table_and_outputs(tmp_path: Path) -> None:
    paths = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    around = worlds.surroundings(tmp_path, {"GITHUB_ACTIONS": "true", **paths})
    world = failing()
    environment = replace(inside(world, around), simulated=False)
    assert main(("deploy", *ALL, *FAILING), environment) == 21
    assert isinstance(around.stderr, io.StringIO)
    errors = [line for line in around.stderr.getvalue().splitlines() if line.startswith("::error")]
    assert len(errors) == 3
    assert "worker" in errors[0]
    assert "exits 1" in errors[0]
    table = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert table.count("|---|---|---|---|---|") == 1
    assert "| ✖ | worker | rolled_back | `team/bad:2` | container" in table
    outputs = (tmp_path / "GITHUB_OUTPUT").read_text()
    assert "rolled_back" in outputs
    assert "E-CONTAINER-EXIT" in outputs


def test_junit_has_a_case_a_service(tmp_path: Path) -> None:
    around = worlds.surroundings(tmp_path)
    environment = replace(inside(failing(), around), simulated=False)
    assert main(("deploy", *ALL, *FAILING, "--junit", "out.xml"), environment) == 21
    cases = ET.parse(tmp_path / "out.xml").iter("testcase")  # noqa: S314 - it is our own
    assert [(each.get("name"), each.find("failure") is not None) for each in cases] == [(name, True) for name in NAMES]


def test_quiet_tells_only_failures() -> None:
    assert worlds.play(three(), ("deploy", *ALL, *APP, "--quiet")).said == ""
    said = worlds.play(failing(), ("deploy", *ALL, *FAILING, "--quiet")).stderr
    assert "E-CONTAINER-EXIT" in said
    assert "begins:" not in said


def test_of_many_services_each_has_one_line_and_some_tell_how_many_are_done() -> None:
    names = [f"s{number:02}" for number in range(25)]
    world = worlds.a_world(
        *(worlds.service(name=name, image="team/bad:1" if name == "s07" else "team/app:1") for name in names),
        worlds.behaves("team/bad:2", run="exit", exit_code=1, after=4),
    )
    words = ("deploy", "-c", "prod", "-n", "s*", *APP, "--image", "team/bad:2", "--on-failure", "rollback-failed")
    said = worlds.play(world, words).stderr
    assert "begins: 25 services" in said
    assert "24 of 25 released, 1 failed" in said
    assert said.count("succeeded in") == 24
    assert "E-CONTAINER-EXIT" in said
    assert len(said.splitlines()) < 25 * 4
