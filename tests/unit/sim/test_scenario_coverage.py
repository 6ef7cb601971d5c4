"""What the shipped scenarios cover: every behaviour of an image, every action of others, every kind of API fault."""

import tomllib
from importlib.resources import files
from itertools import chain
from typing import Any, get_args

from ecsdeploy.sim import scenario_names
from ecsdeploy.sim.ground.behaviour import Pull, Run
from ecsdeploy.sim.scenario.values import Do


def _texts() -> list[dict[str, Any]]:
    folder = files("ecsdeploy.sim") / "scenarios"
    return [tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in scenario_names()]


def _images() -> list[dict[str, Any]]:
    return list(chain.from_iterable(scenario.get("images", {}).values() for scenario in _texts()))


def _tables(key: str) -> list[dict[str, Any]]:
    return list(chain.from_iterable(scenario.get(key, []) for scenario in _texts()))


def test_at_least_forty_scenarios_are_shipped() -> None:
    assert len(scenario_names()) >= 40


def test_each_says_in_one_line_what_it_is_about_and_what_comes_of_it() -> None:
    for scenario in _texts():
        assert "\n" not in scenario["summary"]
        assert {"exit_code", "status", "final_image"} <= scenario["expect"].keys(), scenario["name"]


def test_every_image_behaviour_occurs() -> None:
    assert {image.get("pull", "ok") for image in _images()} == set(get_args(Pull))
    assert {image.get("run", "healthy") for image in _images()} == set(get_args(Run))
    assert any(image.get("fails") for image in _images())


def test_everything_that_others_can_do_occurs() -> None:
    assert {action["do"] for action in _tables("at")} == set(get_args(Do))


def test_every_kind_of_api_fault_occurs() -> None:
    errors = {fault["error"] for fault in _tables("api")}
    assert errors >= {"http-500", "http-503", "reset", "reset-after", "delay", "ThrottlingException"}
    assert any("until" in fault for fault in _tables("api"))


def test_every_limit_of_the_account_occurs() -> None:
    limits = set(chain.from_iterable(scenario.get("limits", {}) for scenario in _texts()))
    assert limits == {"throttle", "read_lag", "capacity_tasks", "latency_ms"}


def test_every_strategy_and_controller_occurs() -> None:
    services = _tables("services")
    strategies = {service.get("deployment", {}).get("strategy", "ROLLING") for service in services}
    assert strategies == {"ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"}
    assert {service.get("controller", "ECS") for service in services} == {"ECS", "CODE_DEPLOY"}
    assert {service.get("launch_type", "FARGATE") for service in services} == {"FARGATE", "EC2"}
