"""A service that CodeDeploy deploys, what was released before, and what may come of a look."""

import json

from tests.unit.engine.codedeployed import (
    Course,
    ScriptedCodeDeploy,
    under_code_deploy,
)
from tests.unit.engine.runs import REVISION
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import container, definition_of

APPSPEC = json.dumps(
    {"Resources": [{"T": {"Properties": {"TaskDefinition": REVISION(1)}}}], "Hooks": [{"BeforeAllowTraffic": "check"}]}
)


def a_plane(*courses: list[Course]) -> ScriptedPlane:
    plane = ScriptedPlane()
    plane.now = under_code_deploy()
    plane.keep(definition_of(container("app", "acme/app:1", portMappings=[{"containerPort": 8080}])))
    plane.codedeploy.courses = list(courses)
    return plane


def released_before(plane: ScriptedPlane, *statuses: str) -> None:
    for status in statuses:
        plane.codedeploy.keep(APPSPEC, status)


def nothing(there: ScriptedCodeDeploy, identifier: str) -> None:
    """A look that finds no change."""


def both(one: Course, other: Course) -> Course:
    def happen(there: ScriptedCodeDeploy, identifier: str) -> None:
        one(there, identifier)
        other(there, identifier)

    return happen
