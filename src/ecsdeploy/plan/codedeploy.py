"""Plans a release through CodeDeploy: whether it is possible, and its AppSpec.

https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding, StartCodeDeploy
from ecsdeploy.plan.checks.sentences import found

YET_TO_COME = "<the new revision>"
_STRATEGY = "CapacityProviderStrategy"
_YAML_LINE = re.compile(r"""(?im)^(?P<key>[ \t-]*["']?TaskDefinition["']?\s*:)(?P<value>.*)$""")


def check_code_deploy(service: Service, sizing: Sizing, routes: Iterable[Route]) -> tuple[Finding, ...]:
    """Whether CodeDeploy can deploy the service: it needs one deployment group, and a port to send traffic to."""
    groups = tuple(routes)
    if not groups:
        return (found("C-CODEDEPLOY-GROUP", service.name),)
    if len(groups) > 1:
        return (found("C-CODEDEPLOY-GROUPS", *map(str, groups)),)
    if not groups[0].container and not groups[0].appspec:
        return (found("C-CODEDEPLOY-PORT", service.name),)
    if sizing != Sizing():
        return (found("C-CODEDEPLOY-SIZING", service.name),)
    return ()


def appspec_for(revision: str, route: Route) -> str:
    """The AppSpec that deploys `revision`: that of the last successful deployment, with its hooks, else a new one."""
    return _edited(route, revision) or json.dumps(_new(revision, route), separators=(",", ":"))


def shown_appspec(step: StartCodeDeploy) -> tuple[str, ...]:
    """The lines of the AppSpec that a step sends. A revision that is not registered yet is shown as YET_TO_COME.

    Empty if there is no port to send traffic to, as the plan is then blocked.
    """
    if not (step.route.container or step.route.appspec):
        return ()
    appspec = appspec_for(step.revision or YET_TO_COME, step.route)
    document = _parsed(appspec)
    return tuple((json.dumps(document, indent=2) if document is not None else appspec).splitlines())


def keeps_appspec(route: Route) -> bool:
    """Whether we can use the last AppSpec again. True if there is none."""
    return not route.appspec or bool(_edited(route, ""))


def loses_capacity(route: Route) -> bool:
    """Whether the deployment loses the service's capacity providers: the AppSpec is YAML, and does not name them.

    We add them to an AppSpec in JSON only.
    """
    in_yaml = bool(route.appspec) and _properties(_parsed(route.appspec)) is None
    return bool(route.capacity) and in_yaml and _STRATEGY.lower() not in route.appspec.lower()


def revision_in(appspec: str) -> str:
    """The ARN of the task definition in an AppSpec; empty if we cannot read it."""
    properties = _properties(_parsed(appspec))
    if properties is not None:
        return str(properties[_key(properties, "taskdefinition")])
    line = _yaml_line(appspec)
    return line["value"].strip().strip("\"'") if line else ""


def _new(revision: str, route: Route) -> Mapping[str, object]:
    properties: dict[str, object] = {
        "TaskDefinition": revision,
        "LoadBalancerInfo": {"ContainerName": route.container, "ContainerPort": route.port},
    }
    if route.platform_version:
        properties["PlatformVersion"] = route.platform_version
    if route.capacity:
        properties[_STRATEGY] = _strategy(route)
    target = {"Type": "AWS::ECS::Service", "Properties": properties}
    return {"version": 0.0, "Resources": [{"TargetService": target}]}


def _strategy(route: Route) -> list[dict[str, object]]:
    return [{"Base": each.base, "CapacityProvider": each.provider, "Weight": each.weight} for each in route.capacity]


def _edited(route: Route, revision: str) -> str:
    """The last AppSpec with another task definition; empty if it is neither JSON nor YAML of the usual form."""
    appspec = route.appspec
    document = _parsed(appspec)
    properties = _properties(document)
    if properties is not None:
        properties[_key(properties, "taskdefinition")] = revision
        if route.capacity and not properties.get(_key(properties, _STRATEGY.lower())):
            properties[_STRATEGY] = _strategy(route)
        return json.dumps(document, separators=(",", ":"))
    line = _yaml_line(appspec)
    return f'{appspec[: line.end("key")]} "{revision}"{appspec[line.end() :]}' if line else ""


def _yaml_line(appspec: str) -> re.Match[str] | None:
    """The one line of a YAML AppSpec that names the task definition; None if there is not exactly one.

    We change this line alone, so we need no YAML parser.
    """
    lines = list(_YAML_LINE.finditer(appspec))
    return lines[0] if len(lines) == 1 else None


def _parsed(appspec: str) -> object:
    try:
        return json.loads(appspec)
    except (ValueError, RecursionError):
        return None


def _properties(document: object) -> dict[str, object] | None:
    """The properties of the target service. AWS's examples write member names with and without capitals."""
    resources = _member(document, "resources")
    first = resources[0] if isinstance(resources, list) and resources else None
    service = next(iter(first.values()), None) if isinstance(first, dict) else None
    properties = _member(service, "properties")
    return properties if isinstance(properties, dict) and _key(properties, "taskdefinition") in properties else None


def _member(table: object, name: str) -> object:
    return table.get(_key(table, name)) if isinstance(table, dict) else None


def _key(table: Mapping[str, object], name: str) -> str:
    return next((key for key in table if key.lower() == name), name)
