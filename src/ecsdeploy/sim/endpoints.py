"""What `POST /_simulator/reset`, `advance`, `settle`, `images` and `alarms` do to a served world.

A wrong request changes nothing. The error says why in one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from ecsdeploy.sim import controls
from ecsdeploy.sim.ground.errors import ScenarioError, SimError
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.scenario import Scenario, load_scenario, parse_scenario, scenario_names
from ecsdeploy.sim.scenario.table import closest
from ecsdeploy.sim.world import World

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What an endpoint does, and which parameters it takes."""

    act: Callable[[Pace, Query, bytes], None]
    parameters: tuple[str, ...] = ()
    takes_body: bool = False


def carry_out(pace: Pace, name: str, query: str, body: bytes) -> None:
    """Carry out a request to the endpoint `name`. SimError or ScenarioError, with a sentence, if it is wrong."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    endpoint = ENDPOINTS[name]
    for parameter in given:
        if parameter not in endpoint.parameters:
            raise SimError(f"`{name}` takes no `{parameter}`.")
    if body and not endpoint.takes_body:
        raise SimError(f"`{name}` takes no body.")
    endpoint.act(pace, given, body)


def _reset(pace: Pace, query: Query, body: bytes) -> None:
    if query and body:
        raise SimError("Give `scenario` or a body, not both.")
    pace.begin_again(_scenario(query, body))


def _scenario(query: Query, body: bytes) -> Scenario | None:
    """The scenario of a reset: a shipped one by its name, or the one in the body. Never a file. None for neither."""
    if "scenario" in query:
        name = query["scenario"]
        if name not in scenario_names():
            raise ScenarioError(f"There is no scenario `{name}`; {closest(name, scenario_names())}")
        return load_scenario(name)
    try:
        return parse_scenario(body.decode(), source="The body") if body else None
    except UnicodeDecodeError:
        raise ScenarioError("The scenario in the body is not UTF-8 text.") from None


def _advance(pace: Pace, query: Query, _: bytes) -> None:
    limits = f"a number of seconds from 0 to {controls.LONGEST}"
    if "seconds" not in query:
        raise SimError(f"`advance` needs `?seconds=`, {limits}.")
    pace.change(partial(controls.advance, seconds=_seconds(query["seconds"])))


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SimError(f"`seconds` must be a number from 0 to {controls.LONGEST}, not `{text}`.") from None


def _settle(pace: Pace, _: Query, __: bytes) -> None:
    pace.change(World.settle)


def _images(pace: Pace, _: Query, body: bytes) -> None:
    tables = _object(body, "an image and how it behaves")
    pace.change(lambda world: controls.describe_images(world, tables))


def _alarms(pace: Pace, _: Query, body: bytes) -> None:
    states = _object(body, "an alarm and its state")
    pace.change(lambda world: controls.set_alarms(world, states))


def _object(body: bytes, what: str) -> Mapping[str, Any]:
    try:
        value = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not value:
        raise SimError(f"The body must be a JSON object: {what}.")
    return value


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


ENDPOINTS: Mapping[str, Endpoint] = {
    "reset": Endpoint(act=_reset, parameters=("scenario",), takes_body=True),
    "advance": Endpoint(act=_advance, parameters=("seconds",)),
    "settle": Endpoint(act=_settle),
    "images": Endpoint(act=_images, takes_body=True),
    "alarms": Endpoint(act=_alarms, takes_body=True),
}
